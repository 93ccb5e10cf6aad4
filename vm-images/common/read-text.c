#include "read-text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* The largest is the configuration of a container: with its list of system calls it has some 100 KB. */
#define ROOM (1024 * 1024)

char *read_text(int fd) {
    size_t length = 0;
    ssize_t n = -1;
    char *text = malloc(ROOM);
    while (text && length + 1 < ROOM && (n = read(fd, text + length, ROOM - 1 - length)) > 0) length += n;
    if (n > 0) errno = EFBIG;
    if (n) { free(text); return NULL; }
    text[length] = 0;
    return text;
}

char *read_text_file(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *text;
    if (fd < 0) return NULL;
    text = read_text(fd);
    close(fd);
    return text;
}
