/*
 * drydock-agent: the one process in the guest that the page talks to. See PROTOCOL.md for the wire format.
 *
 * Written for tcc and glibc: plain C, one thread, one poll loop, fixed tables. A few hundred kilobytes of memory, and
 * nothing to do while nobody types.
 */
#ifndef DRYDOCK_AGENT_H
#define DRYDOCK_AGENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    PROTOCOL_VERSION = 1,
    FRAME_HEADER = 8,
    FRAME_MAX = 16384,      /* payload bytes */
    CHANNEL_MAX = 256,      /* channel 0 is control */
    WINDOW_INITIAL = 65536, /* payload bytes each side may send after OPEN */
    READ_SIZE = 8192,       /* read from a child, socket or file at a time */
};

enum frame_type {
    F_HELLO = 0x01, F_OPEN, F_DATA, F_EOF, F_WINDOW, F_CLOSE, F_RESIZE, F_SIGNAL, F_CLOCK, F_ENTROPY,
    F_HELLO_ACK = 0x81, F_OPENED, F_OUT, F_ERR, F_OUT_EOF, F_GRANT, F_EXIT, F_FAILED, F_LINK_ACK,
};

enum kind { K_FREE = 0, K_EXEC = 1, K_CONNECT, K_READ, K_WRITE, K_LIST, K_WATCH };

struct channel {
    enum kind kind;
    int in;             /* fd that the host's DATA is written to, or -1 */
    int out, err;       /* fds that are read for the host, or -1 */
    int pty;            /* the descriptors are a pty master */
    pid_t pid;          /* 0: no process, or already reaped */
    int32_t status;     /* what EXIT will carry */
    int eof_pending;    /* host sent EOF; close `in` once the buffer is empty */
    uint32_t credit;    /* payload bytes that the host still takes */
    uint32_t consumed;  /* payload bytes taken from the host since the last grant */
    unsigned char *buf; /* bytes from the host that `in` did not take yet */
    size_t buf_len;
    char *path, *temp;  /* K_WRITE */
    char *pending;      /* K_LIST, K_WATCH: records that wait for credit */
    size_t pending_len, pending_off, pending_cap;
    struct watch *watch;
    int watch_uid, watch_gid;
};

extern struct channel channels[CHANNEL_MAX];

/* A payload being taken apart; every taker fails softly once it ran over its end. */
struct reader { const unsigned char *at, *end; int bad; };
unsigned take_u8(struct reader *r);
unsigned take_u16(struct reader *r);
uint32_t take_u32(struct reader *r);
uint64_t take_u64(struct reader *r);
char *take_string(struct reader *r); /* malloc'ed, NUL-terminated */

/* Frames to the host. */
void send_frame(int channel, int type, const void *payload, size_t length);
void send_u32(int channel, int type, uint32_t value);
void fail_open(int channel, int error);
void finish(int channel); /* EOF and EXIT, and frees the channel */
void release(struct channel *c); /* frees without frames */

/* Records of listings and watches, kept until the host grants credit. */
void pend(struct channel *c, const void *bytes, size_t length);
void pend_record(struct channel *c, const void *head, size_t head_len, const char *name);
void flush_pending(int channel);

/* The kinds. Each answers OPENED or FAILED itself. */
void open_exec(int channel, struct reader *r);
void waiting_ended(pid_t pid); /* of any process that was reaped */
void open_connect(int channel, struct reader *r);
void open_read(int channel, struct reader *r);
void open_write(int channel, struct reader *r);
void finish_write(int channel);
void open_list(int channel, struct reader *r);
void open_watch(int channel, struct reader *r);
void read_watch(int channel);
void free_watch(struct channel *c);

/* File-system rights of a user for the calls between the two; returns -1 where the user is unknown. */
int act_as(const char *user);
void act_as_ids(int uid, int gid);
void act_as_root(void);

void set_clock(struct reader *r);
void add_entropy(struct reader *r);
void set_nonblock(int fd);

#endif
