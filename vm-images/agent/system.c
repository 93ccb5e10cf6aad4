/* What a restored machine must be told: the time, and randomness that no other copy of the state has. */
#define _GNU_SOURCE
#include "agent.h"
#include <fcntl.h>
#include <linux/random.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

void set_clock(struct reader *r) {
    struct timespec t;
    t.tv_sec = take_u64(r);
    t.tv_nsec = take_u32(r);
    if (!r->bad) clock_settime(CLOCK_REALTIME, &t);
}

void add_entropy(struct reader *r) {
    struct { int bits, bytes; unsigned char pool[512]; } info;
    size_t n = r->end - r->at;
    int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    if (n > sizeof info.pool) n = sizeof info.pool;
    info.bits = n * 8;
    info.bytes = n;
    memcpy(info.pool, r->at, n);
    ioctl(fd, RNDADDENTROPY, &info);
    ioctl(fd, RNDRESEEDCRNG); /* at once, not at the next periodic reseed */
    close(fd);
}
