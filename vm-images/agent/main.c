/* The link, the poll loop and the life of channels. */
#define _GNU_SOURCE
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

struct channel channels[CHANNEL_MAX];

static int link_fd;
static int sigchld_pipe[2];
static unsigned char inbox[FRAME_HEADER + FRAME_MAX];
static size_t inbox_len;
static uint32_t unacked_bytes, unacked_frames;

static void die(const char *what) { perror(what); exit(1); }

void set_nonblock(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

/* ---- taking payloads apart ---- */

static const unsigned char *take(struct reader *r, size_t n) {
    static const unsigned char zeros[8];
    const unsigned char *at = r->at;
    if (r->bad || (size_t)(r->end - r->at) < n) { r->bad = 1; return zeros; }
    r->at += n;
    return at;
}
unsigned take_u8(struct reader *r) { return take(r, 1)[0]; }
unsigned take_u16(struct reader *r) { const unsigned char *p = take(r, 2); return p[0] | p[1] << 8; }
uint32_t take_u32(struct reader *r) {
    const unsigned char *p = take(r, 4);
    return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}
uint64_t take_u64(struct reader *r) { uint64_t low = take_u32(r); return low | (uint64_t)take_u32(r) << 32; }
char *take_string(struct reader *r) {
    size_t n = take_u16(r);
    char *s;
    if (r->bad || (size_t)(r->end - r->at) < n) { r->bad = 1; n = 0; }
    s = malloc(n + 1);
    memcpy(s, r->at, n);
    s[n] = 0;
    r->at += n;
    return s;
}

/* ---- frames to the host ---- */

static void write_link(const unsigned char *bytes, size_t length) {
    while (length) {
        ssize_t n = write(link_fd, bytes, length);
        if (n < 0) {
            struct pollfd p = { link_fd, POLLOUT, 0 };
            if (errno == EINTR) continue;
            if (errno != EAGAIN) die("link");
            poll(&p, 1, -1);
            continue;
        }
        bytes += n;
        length -= n;
    }
}

void send_frame(int channel, int type, const void *payload, size_t length) {
    /* Header and payload in one write: every write to the console is a round through the hypervisor. */
    static unsigned char frame[FRAME_HEADER + FRAME_MAX];
    frame[0] = length; frame[1] = length >> 8; frame[2] = length >> 16; frame[3] = 0;
    frame[4] = channel; frame[5] = channel >> 8;
    frame[6] = type; frame[7] = 0;
    memcpy(frame + FRAME_HEADER, payload, length);
    write_link(frame, FRAME_HEADER + length);
}

void send_u32(int channel, int type, uint32_t value) {
    unsigned char p[4] = { value, value >> 8, value >> 16, value >> 24 };
    send_frame(channel, type, p, 4);
}

void fail_open(int channel, int error) {
    const char *text = strerror(error);
    size_t n = strlen(text);
    unsigned char p[300] = { error, error >> 8, error >> 16, error >> 24, n, n >> 8 };
    memcpy(p + 6, text, n);
    release(&channels[channel]);
    send_frame(channel, F_FAILED, p, 6 + n);
}

static void link_ack(void) {
    if (unacked_bytes < 4096 && unacked_frames < 8) return;
    send_u32(0, F_LINK_ACK, unacked_bytes);
    unacked_bytes = unacked_frames = 0;
}

/* ---- channels ---- */

static void close_fd(int *fd) { if (*fd >= 0) close(*fd); *fd = -1; }

/* Ptys and sockets are one descriptor in both roles. */
static void close_all(struct channel *c) {
    if (c->in == c->out) c->in = -1;
    close_fd(&c->in); close_fd(&c->out); close_fd(&c->err);
}

void release(struct channel *c) {
    close_all(c);
    if (c->temp) { unlink(c->temp); free(c->temp); }
    if (c->watch) free_watch(c);
    free(c->path); free(c->buf); free(c->pending);
    memset(c, 0, sizeof *c);
    c->in = c->out = c->err = -1;
}

void finish(int channel) {
    int32_t status = channels[channel].status;
    release(&channels[channel]);
    send_frame(channel, F_OUT_EOF, 0, 0);
    send_u32(channel, F_EXIT, (uint32_t)status);
}

/* Ends a process channel once its outputs are at their end and its process was reaped. */
static void finish_if_done(int channel) {
    struct channel *c = &channels[channel];
    if (c->kind == K_EXEC && c->out < 0 && c->err < 0 && c->pid == 0) finish(channel);
}

static void abandon(struct channel *c) {
    if (c->pid > 0) { kill(-c->pid, SIGHUP); kill(-c->pid, SIGKILL); kill(c->pid, SIGKILL); }
}

static void end_input(int channel) {
    struct channel *c = &channels[channel];
    c->eof_pending = 0;
    if (c->kind == K_WRITE) { finish_write(channel); return; }
    if (c->kind == K_CONNECT) { shutdown(c->out, SHUT_WR); c->in = -1; return; }
    if (c->pty) { unsigned char eot = 4; if (write(c->out, &eot, 1) < 0) { /* gone: EXIT follows */ } return; }
    close_fd(&c->in);
}

/* Hands buffered bytes to the process, socket or file as far as it takes them. */
static void drain_input(int channel) {
    struct channel *c = &channels[channel];
    size_t done = 0;
    while (done < c->buf_len && c->in >= 0) {
        ssize_t n = write(c->in, c->buf + done, c->buf_len - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) break;
        if (n < 0) { /* reader gone, or disk full */
            if (c->kind == K_WRITE) { c->status = -errno; finish(channel); return; }
            if (!c->pty && c->kind == K_EXEC) close_fd(&c->in);
            else c->in = -1;
            break;
        }
        done += n;
    }
    if (c->in < 0) done = c->buf_len; /* nobody will read it: swallow, as a closed pipe does */
    memmove(c->buf, c->buf + done, c->buf_len - done);
    c->buf_len -= done;
    c->consumed += done;
    if (c->consumed >= WINDOW_INITIAL / 2) { send_u32(channel, F_GRANT, c->consumed); c->consumed = 0; }
    if (!c->buf_len && c->eof_pending) end_input(channel);
}

static void on_data(int channel, const unsigned char *bytes, size_t length) {
    struct channel *c = &channels[channel];
    if (c->kind == K_FREE) return; /* crossed with our EXIT */
    if (!c->buf) c->buf = malloc(WINDOW_INITIAL);
    if (c->buf_len + length > WINDOW_INITIAL) { c->status = -EPROTO; abandon(c); finish(channel); return; }
    memcpy(c->buf + c->buf_len, bytes, length);
    c->buf_len += length;
    drain_input(channel);
}

static void on_open(int channel, struct reader *r) {
    struct channel *c = &channels[channel];
    unsigned kind = take_u8(r);
    if (c->kind != K_FREE) { abandon(c); release(c); }
    c->credit = WINDOW_INITIAL;
    switch (kind) {
    case K_EXEC: open_exec(channel, r); break;
    case K_CONNECT: open_connect(channel, r); break;
    case K_READ: open_read(channel, r); break;
    case K_WRITE: open_write(channel, r); break;
    case K_LIST: open_list(channel, r); break;
    case K_WATCH: open_watch(channel, r); break;
    default: fail_open(channel, EPROTO);
    }
}

static void on_close(int channel) {
    struct channel *c = &channels[channel];
    if (c->kind == K_FREE) return;
    abandon(c);
    if (c->pid > 0) { /* the EXIT comes when the process is reaped */
        close_all(c);
        return;
    }
    finish(channel);
}

static void on_hello(struct reader *r) {
    unsigned char p[8];
    uint32_t version = take_u32(r), nonce = take_u32(r);
    for (int i = 1; i < CHANNEL_MAX; i++) {
        if (channels[i].kind == K_FREE) continue;
        abandon(&channels[i]);
        release(&channels[i]);
    }
    (void)version; /* the host compares */
    p[0] = PROTOCOL_VERSION; p[1] = p[2] = p[3] = 0;
    p[4] = nonce; p[5] = nonce >> 8; p[6] = nonce >> 16; p[7] = nonce >> 24;
    send_frame(0, F_HELLO_ACK, p, 8);
}

static void on_resize(struct channel *c, struct reader *r) {
    struct winsize size = { 0 };
    size.ws_col = take_u16(r);
    size.ws_row = take_u16(r);
    if (c->pty && !r->bad) ioctl(c->out, TIOCSWINSZ, &size);
}

static void on_frame(int channel, int type, const unsigned char *payload, size_t length) {
    struct reader r = { payload, payload + length, 0 };
    struct channel *c = &channels[channel];
    switch (type) {
    case F_HELLO: on_hello(&r); break;
    case F_CLOCK: set_clock(&r); break;
    case F_ENTROPY: add_entropy(&r); break;
    case F_OPEN: if (channel) on_open(channel, &r); break;
    case F_DATA: on_data(channel, payload, length); break;
    case F_EOF: if (c->kind) { c->eof_pending = 1; drain_input(channel); } break;
    case F_WINDOW:
        if (!c->kind) break;
        c->credit += take_u32(&r);
        flush_pending(channel);
        break;
    case F_CLOSE: on_close(channel); break;
    case F_RESIZE: on_resize(c, &r); break;
    case F_SIGNAL: if (c->pid > 0) kill(-c->pid, take_u8(&r)); break;
    }
}

static void read_link(void) {
    ssize_t n = read(link_fd, inbox + inbox_len, sizeof inbox - inbox_len);
    size_t at = 0;
    if (n <= 0) { if (n < 0 && (errno == EINTR || errno == EAGAIN)) return; die("link"); }
    inbox_len += n;
    unacked_bytes += n;
    while (inbox_len - at >= FRAME_HEADER) {
        unsigned char *h = inbox + at;
        size_t length = h[0] | h[1] << 8 | h[2] << 16 | (size_t)h[3] << 24;
        int channel = h[4] | h[5] << 8;
        if (length > FRAME_MAX || channel >= CHANNEL_MAX) { fprintf(stderr, "bad frame\n"); exit(1); }
        if (inbox_len - at < FRAME_HEADER + length) break;
        if (h[6] == F_HELLO) {
            /* A host that woke a saved machine knows nothing of what was read before. What came after it in this read counts. */
            unacked_bytes = inbox_len - at - FRAME_HEADER - length;
            unacked_frames = 0;
        }
        on_frame(channel, h[6], h + FRAME_HEADER, length);
        unacked_frames++;
        at += FRAME_HEADER + length;
    }
    memmove(inbox, inbox + at, inbox_len - at);
    inbox_len -= at;
    link_ack();
}

/* Moves what a process, socket or file has to say to the host, within its credit. */
static void read_output(int channel, int *fd, int type) {
    struct channel *c = &channels[channel];
    unsigned char bytes[READ_SIZE];
    size_t want = c->credit < sizeof bytes ? c->credit : sizeof bytes;
    ssize_t n = read(*fd, bytes, want);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (n > 0) {
        c->credit -= n;
        send_frame(channel, type, bytes, n);
        return;
    }
    if (n < 0 && c->kind == K_READ) c->status = -errno;
    if (c->in == *fd) c->in = -1;
    if (c->kind == K_CONNECT || c->kind == K_READ) { finish(channel); return; }
    close_fd(fd);
    finish_if_done(channel);
}

static void reap(void) {
    char drop[64];
    int status;
    pid_t pid;
    while (read(sigchld_pipe[0], drop, sizeof drop) > 0) { }
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        waiting_ended(pid);
        for (int i = 1; i < CHANNEL_MAX; i++) {
            struct channel *c = &channels[i];
            if (c->kind != K_EXEC || c->pid != pid) continue;
            c->pid = 0;
            c->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
            finish_if_done(i);
        }
    }
}

static void on_sigchld(int n) { int saved = errno; (void)n; if (write(sigchld_pipe[1], "", 1) < 0) { } errno = saved; }

static void open_link(const char *path) {
    struct termios t;
    link_fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (link_fd < 0) die(path);
    if (tcgetattr(link_fd, &t) == 0) { cfmakeraw(&t); tcsetattr(link_fd, TCSANOW, &t); tcflush(link_fd, TCIFLUSH); }
}

/*
 * Tells the image builder, over the serial line, that the link may be used. Before the console is raw, the terminal layer
 * would echo the host's bytes back.
 */
static void announce(void) {
    int fd = open("/dev/ttyS0", O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return;
    if (write(fd, "\n@@agent\n", 9) < 0) { /* nobody listens: nobody needs it */ }
    close(fd);
}

static void loop(void) {
    static struct pollfd polls[2 + 3 * CHANNEL_MAX];
    static struct { int channel, what; } of[2 + 3 * CHANNEL_MAX];
    for (;;) {
        int n = 0;
        polls[n].fd = link_fd; polls[n++].events = POLLIN;
        polls[n].fd = sigchld_pipe[0]; polls[n++].events = POLLIN;
        for (int i = 1; i < CHANNEL_MAX; i++) {
            struct channel *c = &channels[i];
            if (c->kind == K_FREE) continue;
            if (c->in >= 0 && c->buf_len) { of[n].channel = i; of[n].what = 0; polls[n].fd = c->in; polls[n++].events = POLLOUT; }
            if (c->watch ? c->pending_len == 0 : c->credit > 0) {
                if (c->out >= 0) { of[n].channel = i; of[n].what = 1; polls[n].fd = c->out; polls[n++].events = POLLIN; }
                if (c->err >= 0) { of[n].channel = i; of[n].what = 2; polls[n].fd = c->err; polls[n++].events = POLLIN; }
            }
        }
        if (poll(polls, n, -1) < 0) { if (errno == EINTR) continue; die("poll"); }
        if (polls[1].revents) reap();
        for (int i = 2; i < n; i++) {
            int channel = of[i].channel;
            struct channel *c = &channels[channel];
            if (!polls[i].revents || c->kind == K_FREE) continue;
            if (of[i].what == 0 && c->in == polls[i].fd) drain_input(channel);
            else if (of[i].what == 1 && c->out == polls[i].fd) {
                if (c->watch) read_watch(channel);
                else read_output(channel, &c->out, F_OUT);
            } else if (of[i].what == 2 && c->err == polls[i].fd) read_output(channel, &c->err, F_ERR);
        }
        if (polls[0].revents) read_link();
    }
}

int main(int argc, char **argv) {
    struct sigaction act;
    if (argc != 2) { fprintf(stderr, "usage: agent CONSOLE\n"); return 2; }
    memset(&act, 0, sizeof act);
    act.sa_handler = on_sigchld;
    act.sa_flags = SA_RESTART | SA_NOCLDSTOP;
    if (pipe(sigchld_pipe)) die("pipe");
    for (int i = 0; i < 2; i++) { set_nonblock(sigchld_pipe[i]); fcntl(sigchld_pipe[i], F_SETFD, FD_CLOEXEC); }
    sigaction(SIGCHLD, &act, 0);
    signal(SIGPIPE, SIG_IGN);
    setgroups(0, 0);
    for (int i = 0; i < CHANNEL_MAX; i++) channels[i].in = channels[i].out = channels[i].err = -1;
    open_link(argv[1]);
    announce();
    loop();
    return 0;
}
