/* A disk that remembers and refuses: preloaded into a process, it sees what that process does to the files of a folder.

   BORNE_DISK      the folder, an absolute path without links
   BORNE_DISK_LOG  where to write down, in order, each change, each sync, and each line told to standard output
   BORNE_DISK_ILL  a file that, while it is there, names an errno with which the folder's disk answers

   Rule: one lock around the act and its record, so that the order of the records is the order of the acts. Memory maps
   are not seen: SQLite maps only the index of its write-ahead log, which it makes anew after a crash.

   A record is the act, the length of the path, the length of the data, an offset, then path and data. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

struct __attribute__((packed)) head { char act; uint16_t path; uint32_t data; int64_t offset; };

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static const char *folder(void) {
    static const char *name;
    if (!name) name = getenv("BORNE_DISK");
    return name ? name : "";
}

/* Path below the folder, or NULL for a path elsewhere. */
static const char *inside(const char *path) {
    size_t length = strlen(folder());
    if (!length || !path || strncmp(path, folder(), length)) return NULL;
    if (!path[length]) return path + length;
    return path[length] == '/' ? path + length + 1 : NULL;
}

/* As `inside` for an open file, by the name it has now. */
static const char *name_of(int fd, char *room) {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, room, PATH_MAX - 1);
    if (length <= 0) return NULL;
    room[length] = 0;
    return strstr(room, " (deleted)") ? NULL : inside(room);
}

static void record(char act, const char *path, int64_t offset, const void *data, size_t size) {
    static int log_fd = -2;
    if (!path) return;
    int kept = errno;
    if (log_fd == -2) {
        REAL(int, "open64", const char *, int, ...);
        const char *log = getenv("BORNE_DISK_LOG");
        log_fd = log ? real(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    }
    if (log_fd >= 0) {
        struct head head = {act, strlen(path), size, offset};
        struct iovec parts[] = {{&head, sizeof head}, {(void *)path, head.path}, {(void *)data, size}};
        if (writev(log_fd, parts, 3) < 0) abort();
    }
    errno = kept;
}

/* Whether the disk refuses an act: a full one lets go of what it has, a read-only one is still read, a broken one
   does nothing at all. Sets errno. */
enum kind { TAKES_ROOM, CHANGES, SYNCS, READS };

static int refuses(const char *path, enum kind kind) {
    const char *ill = getenv("BORNE_DISK_ILL");
    if (!path || !ill) return 0;
    int kept = errno;
    REAL(int, "open64", const char *, int, ...);
    int fd = real(ill, O_RDONLY | O_CLOEXEC);
    char text[8] = "";
    if (fd >= 0) {
        REAL(ssize_t, "pread64", int, void *, size_t, off_t);
        if (real(fd, text, sizeof text - 1, 0) < 0) abort();
        close(fd);
    }
    int code = atoi(text);
    int is_refused = code == ENOSPC ? kind == TAKES_ROOM : code == EROFS ? kind <= CHANGES : code != 0;
    errno = is_refused ? code : kept;
    return is_refused;
}

static int open_file(int at, const char *path, int flags, mode_t mode) {
    REAL(int, "openat64", int, const char *, int, ...);
    const char *name = at == AT_FDCWD || *path == '/' ? inside(path) : NULL;
    pthread_mutex_lock(&lock);
    struct stat found;
    int is_new = name && (flags & O_CREAT) && stat(path, &found) < 0;
    int writes = (flags & O_ACCMODE) != O_RDONLY;
    int fd = refuses(name, is_new ? TAKES_ROOM : writes ? CHANGES : READS) ? -1 : real(at, path, flags, mode);
    if (fd >= 0 && is_new) record('C', name, 0, NULL, 0);
    else if (fd >= 0 && (flags & O_TRUNC)) record('T', name, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return fd;
}

#define OPEN(name, first, at) \
    int name(first const char *path, int flags, ...) { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return open_file(at, path, flags, mode); \
    }
#define NONE
#define AT int folder_fd,
OPEN(open, NONE, AT_FDCWD)
OPEN(open64, NONE, AT_FDCWD)
OPEN(openat, AT, folder_fd)
OPEN(openat64, AT, folder_fd)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    char room[PATH_MAX];
    const char *name = name_of(fd, room);
    pthread_mutex_lock(&lock);
    ssize_t done = refuses(name, TAKES_ROOM) ? -1 : real(fd, data, size);
    if (done > 0 && fd == STDOUT_FILENO) record('A', "", 0, data, done);
    else if (done > 0 && name) record('W', name, lseek(fd, 0, SEEK_CUR) - done, data, done);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    char room[PATH_MAX];
    const char *name = name_of(fd, room);
    pthread_mutex_lock(&lock);
    ssize_t done = refuses(name, TAKES_ROOM) ? -1 : real(fd, data, size, offset);
    if (done > 0) record('W', name, offset, data, done);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return pwrite64(fd, data, size, offset); }

ssize_t pread64(int fd, void *data, size_t size, off64_t offset) {
    REAL(ssize_t, "pread64", int, void *, size_t, off64_t);
    char room[PATH_MAX];
    return refuses(name_of(fd, room), READS) ? -1 : real(fd, data, size, offset);
}

ssize_t read(int fd, void *data, size_t size) {
    REAL(ssize_t, "read", int, void *, size_t);
    char room[PATH_MAX];
    return refuses(name_of(fd, room), READS) ? -1 : real(fd, data, size);
}

int ftruncate64(int fd, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    char room[PATH_MAX];
    const char *name = name_of(fd, room);
    pthread_mutex_lock(&lock);
    int failed = refuses(name, CHANGES) ? -1 : real(fd, size);
    if (!failed) record('T', name, size, NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

#define SYNC(name) \
    int name(int fd) { \
        REAL(int, #name, int); \
        char room[PATH_MAX]; \
        const char *path = name_of(fd, room); \
        pthread_mutex_lock(&lock); \
        int failed = refuses(path, SYNCS) ? -1 : real(fd); \
        if (!failed) record('S', path, 0, NULL, 0); \
        pthread_mutex_unlock(&lock); \
        return failed; \
    }
SYNC(fsync)
SYNC(fdatasync)

int access(const char *path, int mode) {
    REAL(int, "access", const char *, int);
    return refuses(inside(path), mode & W_OK ? CHANGES : READS) ? -1 : real(path, mode);
}

#define NAMED(name, act, kind, given, passed, ...) \
    int name given { \
        REAL(int, #name, __VA_ARGS__); \
        pthread_mutex_lock(&lock); \
        int failed = refuses(inside(path), kind) ? -1 : real passed; \
        if (!failed) record(act, inside(path), 0, NULL, 0); \
        pthread_mutex_unlock(&lock); \
        return failed; \
    }
NAMED(unlink, 'U', CHANGES, (const char *path), (path), const char *)
NAMED(mkdir, 'D', TAKES_ROOM, (const char *path, mode_t mode), (path, mode), const char *, mode_t)

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    const char *name = inside(from), *new_name = inside(to);
    pthread_mutex_lock(&lock);
    int failed = refuses(name, CHANGES) ? -1 : real(from, to);
    if (!failed && new_name) record('R', name, 0, new_name, strlen(new_name));
    pthread_mutex_unlock(&lock);
    return failed;
}
