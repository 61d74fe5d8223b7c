"""What happens on the screen, from `targets` to `pages`: pure."""
