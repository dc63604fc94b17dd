/* A disk that fails: loaded before SQLite (LD_PRELOAD), it answers EIO where the file FAILING_DISK says so.

The file holds "write", "sync", "read" or "full", or nothing; a disk that is full answers ENOSPC to what is written while
the server's reserve is there. Only the database and its log are concerned, and where the disk is full the log's index. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(const char *what, int file) {
    char word[16] = "", name[32], path[4096] = "";
    int order = open(getenv("FAILING_DISK"), O_RDONLY);
    if (order < 0) return 0;
    ssize_t size = read(order, word, sizeof word - 1);
    close(order);
    int is_full = strcmp(word, "full") == 0 && strcmp(what, "write") == 0;
    if (size <= 0 || (!is_full && strcmp(word, what) != 0)) return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    if (readlink(name, path, sizeof path - 1) < 0) return 0;
    if (!strstr(path, "cowrite-server.sqlite3") || (strstr(path, "-shm") && !is_full)) return 0;
    if (is_full) {
        strcpy(strrchr(path, '/') + 1, "reserve");
        if (access(path, F_OK) != 0) return 0;
    }
    errno = is_full ? ENOSPC : EIO;
    return 1;
}

#define PASS(name, ...) ((typeof(&name))dlsym(RTLD_NEXT, #name))(__VA_ARGS__)

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    return fails("write", file) ? -1 : PASS(pwrite64, file, data, size, at);
}
ssize_t pread64(int file, void *data, size_t size, off64_t at) {
    return fails("read", file) ? -1 : PASS(pread64, file, data, size, at);
}
int fsync(int file) { return fails("sync", file) ? -1 : PASS(fsync, file); }
int fdatasync(int file) { return fails("sync", file) ? -1 : PASS(fdatasync, file); }
