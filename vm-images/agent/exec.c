/* Processes: with a terminal of their own, or with three pipes. And the Unix sockets. */
#define _GNU_SOURCE
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

struct request {
    int pty;
    int later; /* a terminal for whoever asks for the same one next */
    struct winsize size;
    const unsigned char *rest; /* the payload from the user on: what tells one terminal from another */
    size_t rest_len;
    char *user, *cwd, **argv, **env;
};

/* The terminal that was asked for ahead of time: in a saved machine a shell that is at its prompt already. */
static struct {
    pid_t pid; /* 0: there is none */
    int master;
    unsigned char *rest; /* of its request */
    size_t rest_len;
} waiting;

static void forget_waiting(void) {
    free(waiting.rest);
    memset(&waiting, 0, sizeof waiting);
}

static void drop_waiting(void) {
    close(waiting.master);
    forget_waiting();
}

void waiting_ended(pid_t pid) { if (waiting.pid && waiting.pid == pid) drop_waiting(); }

/* Takes the place of the one that waits already. */
static void keep_waiting(pid_t pid, int master, const struct request *q) {
    if (waiting.pid) { kill(-waiting.pid, SIGHUP); drop_waiting(); }
    waiting.pid = pid;
    waiting.master = master;
    waiting.rest = malloc(q->rest_len);
    waiting.rest_len = q->rest_len;
    memcpy(waiting.rest, q->rest, q->rest_len);
}

static char **take_list(struct reader *r) {
    unsigned n = take_u16(r);
    char **list;
    if (n > FRAME_MAX / 2) { r->bad = 1; n = 0; }
    list = calloc(n + 1, sizeof *list);
    for (unsigned i = 0; i < n; i++) list[i] = take_string(r);
    return list;
}

static void free_list(char **list) {
    for (char **s = list; *s; s++) free(*s);
    free(list);
}

static void set_environment(const struct request *q, const struct passwd *pw) {
    char runtime[32];
    clearenv();
    setenv("HOME", pw->pw_dir, 1);
    setenv("USER", pw->pw_name, 1);
    setenv("LOGNAME", pw->pw_name, 1);
    setenv("SHELL", pw->pw_shell, 1);
    setenv("LANG", "C.UTF-8", 1);
    setenv("PATH", pw->pw_uid ? "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
                              : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    /* What pam_systemd would set, where the machine has such a directory: users' own sockets are there. */
    snprintf(runtime, sizeof runtime, "/run/user/%u", (unsigned)pw->pw_uid);
    if (!access(runtime, F_OK)) setenv("XDG_RUNTIME_DIR", runtime, 1);
    if (q->pty) setenv("TERM", "xterm-256color", 1);
    for (char **e = q->env; *e; e++) putenv(*e);
}

/* In the child. Reports a failure through the pipe, where success closes it without a byte. */
static void become(const struct request *q, const struct passwd *pw, int report) {
    int error, fd;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, 0);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    set_environment(q, pw);
    /* The agent itself is spared when memory runs out; what it starts must not be. */
    fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) { if (write(fd, "0", 1) < 0) { } close(fd); }
    if (initgroups(pw->pw_name, pw->pw_gid) || setgid(pw->pw_gid) || setuid(pw->pw_uid)) goto failed;
    if (chdir(*q->cwd ? q->cwd : pw->pw_dir)) goto failed;
    execvp(q->argv[0], q->argv);
failed:
    error = errno;
    if (write(report, &error, sizeof error) < 0) { }
    _exit(127);
}

static int open_pty(const struct request *q, const struct passwd *pw, char *slave, size_t size) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return -1;
    if (grantpt(master) || unlockpt(master) || ptsname_r(master, slave, size)) { close(master); return -1; }
    if (chown(slave, pw->pw_uid, 5) || chmod(slave, 0620)) { } /* 5: group tty in Debian; only `write` needs it */
    ioctl(master, TIOCSWINSZ, &q->size);
    return master;
}

static void use_pty(struct channel *c, pid_t pid, int master) {
    c->kind = K_EXEC;
    c->pid = pid;
    c->pty = 1;
    c->in = c->out = master;
    c->err = -1;
    set_nonblock(master);
}

/* Hands over the terminal that waits, if it is the one that is asked for. What it has printed is still in its pty. */
static int take_waiting(int channel, const struct request *q) {
    if (!waiting.pid || q->rest_len != waiting.rest_len || memcmp(q->rest, waiting.rest, waiting.rest_len)) return 0;
    ioctl(waiting.master, TIOCSWINSZ, &q->size);
    use_pty(&channels[channel], waiting.pid, waiting.master);
    send_u32(channel, F_OPENED, waiting.pid);
    forget_waiting();
    return 1;
}

static void start(int channel, const struct request *q) {
    struct channel *c = &channels[channel];
    struct passwd *pw = getpwnam(q->user);
    int report[2], in[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 }, master = -1, error = 0;
    char slave[64];
    pid_t pid;

    if (!pw) { fail_open(channel, ENOENT); return; }
    if (pipe2(report, O_CLOEXEC)) { fail_open(channel, errno); return; }
    if (q->pty ? (master = open_pty(q, pw, slave, sizeof slave)) < 0
               : pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) error = errno;
    pid = error ? -1 : fork();
    if (pid == 0) {
        setsid();
        if (q->pty) {
            int fd = open(slave, O_RDWR);
            ioctl(fd, TIOCSCTTY, 0);
            dup2(fd, 0); dup2(fd, 1); dup2(fd, 2);
            if (fd > 2) close(fd);
        } else { dup2(in[0], 0); dup2(out[1], 1); dup2(err[1], 2); }
        become(q, pw, report[1]);
    }
    if (pid < 0 && !error) error = errno;
    close(report[1]);
    if (!error && read(report[0], &error, sizeof error) != sizeof error) error = 0;
    close(report[0]);
    if (!q->pty) { close(in[0]); close(out[1]); close(err[1]); }
    if (error) {
        close(master); close(in[1]); close(out[0]); close(err[0]);
        fail_open(channel, error);
        return;
    }
    if (q->later) {
        keep_waiting(pid, master, q);
        send_u32(channel, F_OPENED, pid);
        finish(channel);
        return;
    }
    if (q->pty) use_pty(c, pid, master);
    else {
        c->kind = K_EXEC;
        c->pid = pid;
        c->pty = 0;
        c->in = in[1];
        c->out = out[0];
        c->err = err[0];
        set_nonblock(c->in);
        set_nonblock(c->out);
        set_nonblock(c->err);
    }
    send_u32(channel, F_OPENED, pid);
}

void open_exec(int channel, struct reader *r) {
    struct request q;
    unsigned flags = take_u8(r);
    memset(&q, 0, sizeof q);
    q.pty = flags & 1;
    q.later = q.pty && flags & 2;
    q.size.ws_col = take_u16(r);
    q.size.ws_row = take_u16(r);
    q.rest = r->at;
    q.rest_len = r->end - r->at;
    if (q.pty && !q.later && !r->bad && take_waiting(channel, &q)) return;
    q.user = take_string(r);
    q.cwd = take_string(r);
    q.argv = take_list(r);
    q.env = take_list(r);
    if (r->bad || !q.argv[0]) fail_open(channel, EPROTO);
    else start(channel, &q);
    free(q.user);
    free(q.cwd);
    free_list(q.argv);
    free_list(q.env);
}

void open_connect(int channel, struct reader *r) {
    struct channel *c = &channels[channel];
    struct sockaddr_un address;
    char *path = take_string(r);
    int fd = -1, error = 0;
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    if (r->bad || strlen(path) >= sizeof address.sun_path) error = EPROTO;
    else {
        strcpy(address.sun_path, path);
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address)) error = errno;
    }
    free(path);
    if (error) { if (fd >= 0) close(fd); fail_open(channel, error); return; }
    set_nonblock(fd);
    c->kind = K_CONNECT;
    c->in = c->out = fd;
    send_u32(channel, F_OPENED, 0);
}
