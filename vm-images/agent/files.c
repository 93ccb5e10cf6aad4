/* Files with the rights of a user: read, replace, list. */
#define _GNU_SOURCE
#include "agent.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

void act_as_ids(int uid, int gid) { setfsgid(gid); setfsuid(uid); }
void act_as_root(void) { setfsuid(0); setfsgid(0); }

int act_as(const char *user) {
    struct passwd *pw = getpwnam(user);
    if (!pw) return -1;
    act_as_ids(pw->pw_uid, pw->pw_gid);
    return 0;
}

void pend(struct channel *c, const void *bytes, size_t length) {
    if (c->pending_off + c->pending_len + length > c->pending_cap) {
        memmove(c->pending, c->pending + c->pending_off, c->pending_len);
        c->pending_off = 0;
        while (c->pending_len + length > c->pending_cap) c->pending_cap = c->pending_cap ? c->pending_cap * 2 : 4096;
        c->pending = realloc(c->pending, c->pending_cap);
    }
    memcpy(c->pending + c->pending_off + c->pending_len, bytes, length);
    c->pending_len += length;
}

void pend_record(struct channel *c, const void *head, size_t head_len, const char *name) {
    size_t n = strlen(name);
    unsigned char length[2] = { n, n >> 8 };
    pend(c, head, head_len);
    pend(c, length, 2);
    pend(c, name, n);
}

void flush_pending(int channel) {
    struct channel *c = &channels[channel];
    while (c->pending_len && c->credit) {
        size_t n = c->pending_len;
        if (n > c->credit) n = c->credit;
        if (n > FRAME_MAX) n = FRAME_MAX;
        send_frame(channel, F_OUT, c->pending + c->pending_off, n);
        c->pending_off += n;
        c->pending_len -= n;
        c->credit -= n;
    }
    if (!c->pending_len) c->pending_off = 0;
    if (!c->pending_len && c->kind == K_LIST) finish(channel);
}

/* Takes "user, path" off the request and becomes that user; 0, or an errno. */
static int begin(struct reader *r, char **path) {
    char *user = take_string(r);
    int error = 0;
    *path = take_string(r);
    if (r->bad) error = EPROTO;
    else if (act_as(user)) error = ENOENT;
    free(user);
    return error;
}

void open_read(int channel, struct reader *r) {
    struct channel *c = &channels[channel];
    struct stat st;
    char *path;
    int error = begin(r, &path), fd = -1;
    if (!error) {
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (fd < 0 || fstat(fd, &st)) error = errno;
        else if (S_ISDIR(st.st_mode)) error = EISDIR;
    }
    act_as_root();
    free(path);
    if (error) { if (fd >= 0) close(fd); fail_open(channel, error); return; }
    c->kind = K_READ;
    c->out = fd;
    send_u32(channel, F_OPENED, 0);
}

void open_write(int channel, struct reader *r) {
    struct channel *c = &channels[channel];
    struct stat st;
    char *path, *real, *slash, temp[4200];
    int error = begin(r, &path), fd = -1, mode = take_u16(r);
    if (r->bad) error = EPROTO;
    if (!error && (real = realpath(path, 0))) { /* keep a link a link */
        int probe;
        free(path);
        path = real;
        if (stat(path, &st)) error = errno;
        else if (!S_ISREG(st.st_mode)) error = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
        else if ((probe = open(path, O_WRONLY | O_CLOEXEC)) < 0) error = errno;
        else { close(probe); if (!mode) mode = st.st_mode & 07777; }
    }
    if (!error) {
        slash = strrchr(path, '/');
        if (!slash || strlen(path) > 4000) error = EINVAL;
        else {
            sprintf(temp, "%.*s/.%s.drydock-XXXXXX", (int)(slash - path), path, slash + 1);
            fd = mkostemp(temp, O_CLOEXEC);
            if (fd < 0) error = errno;
            else fchmod(fd, mode ? mode : 0644);
        }
    }
    act_as_root();
    if (error) { free(path); fail_open(channel, error); return; }
    c->kind = K_WRITE;
    c->in = fd;
    c->path = path;
    c->temp = strdup(temp);
    send_u32(channel, F_OPENED, 0);
}

void finish_write(int channel) {
    struct channel *c = &channels[channel];
    if (rename(c->temp, c->path)) c->status = -errno;
    else { free(c->temp); c->temp = 0; }
    finish(channel);
}

void open_list(int channel, struct reader *r) {
    struct channel *c = &channels[channel];
    struct dirent *e;
    DIR *dir = 0;
    char *path;
    int error = begin(r, &path);
    if (!error && !(dir = opendir(path))) error = errno;
    free(path);
    if (error) { act_as_root(); fail_open(channel, error); return; }
    c->kind = K_LIST;
    while ((e = readdir(dir))) {
        unsigned char head[21];
        struct stat st;
        uint64_t size, mtime;
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        if (fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW)) continue; /* gone meanwhile */
        size = st.st_size;
        mtime = st.st_mtime;
        head[0] = S_ISREG(st.st_mode) ? 'f' : S_ISDIR(st.st_mode) ? 'd' : S_ISLNK(st.st_mode) ? 'l' : 'o';
        for (int i = 0; i < 4; i++) head[1 + i] = st.st_mode >> (8 * i);
        for (int i = 0; i < 8; i++) { head[5 + i] = size >> (8 * i); head[13 + i] = mtime >> (8 * i); }
        pend_record(c, head, sizeof head, e->d_name);
    }
    closedir(dir);
    act_as_root();
    send_u32(channel, F_OPENED, 0);
    flush_pending(channel);
}
