"""Behind the screen: the number, the disk, the slip, the link, and what is wrong with them."""
