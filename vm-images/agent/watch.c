/* Recursive inotify on a directory: how the page sees what the learner's commands change. */
#define _GNU_SOURCE
#include "agent.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { DIRECTORIES_MAX = 1024, DEPTH_MAX = 16 };

/* One per watched directory; `path` is relative to the root, "" for the root itself. */
struct watch { int count; char *root; struct { int wd; char *path; } of[DIRECTORIES_MAX]; };

static const uint32_t interest = IN_CREATE | IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF;

static void report(struct channel *c, int what, int is_dir, const char *path) {
    unsigned char head[2] = { what, is_dir };
    pend_record(c, head, 2, path);
}

/* Watches a directory and what is below it; with `tell`, reports what is already there. */
static int add_tree(struct channel *c, const char *path, int depth, int tell) {
    struct watch *w = c->watch;
    char full[4200], child[4200];
    struct dirent *e;
    DIR *dir;
    int wd;
    if (w->count == DIRECTORIES_MAX || depth > DEPTH_MAX) { report(c, 'o', 1, ""); return 0; }
    if (snprintf(full, sizeof full, "%s/%s", w->root, path) >= (int)sizeof full) return ENAMETOOLONG;
    wd = inotify_add_watch(c->out, full, interest | IN_ONLYDIR);
    if (wd < 0) return errno;
    w->of[w->count].wd = wd;
    w->of[w->count++].path = strdup(path);
    if (!(dir = opendir(full))) return 0;
    while ((e = readdir(dir))) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        if (snprintf(child, sizeof child, "%s%s%s", path, *path ? "/" : "", e->d_name) >= (int)sizeof child) continue;
        if (tell) report(c, 'c', e->d_type == DT_DIR, child);
        if (e->d_type == DT_DIR) add_tree(c, child, depth + 1, tell);
    }
    closedir(dir);
    return 0;
}

void open_watch(int channel, struct reader *r) {
    struct channel *c = &channels[channel];
    char *user = take_string(r), *path = take_string(r);
    struct passwd *pw = r->bad ? 0 : getpwnam(user);
    int error = r->bad ? EPROTO : pw ? 0 : ENOENT;
    if (!error) {
        c->watch_uid = pw->pw_uid;
        c->watch_gid = pw->pw_gid;
        c->out = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        if (c->out < 0) error = errno;
    }
    if (!error) {
        c->kind = K_WATCH;
        c->watch = calloc(1, sizeof *c->watch);
        c->watch->root = strdup(path);
        act_as_ids(c->watch_uid, c->watch_gid);
        error = add_tree(c, "", 0, 0);
        act_as_root();
    }
    free(user);
    free(path);
    if (error) { fail_open(channel, error); return; }
    send_u32(channel, F_OPENED, 0);
    flush_pending(channel);
}

static void forget(struct watch *w, int wd) {
    for (int i = 0; i < w->count; i++) {
        if (w->of[i].wd != wd) continue;
        free(w->of[i].path);
        w->of[i] = w->of[--w->count];
        return;
    }
}

static const char *path_of(struct watch *w, int wd) {
    for (int i = 0; i < w->count; i++) if (w->of[i].wd == wd) return w->of[i].path;
    return 0;
}

/* A directory that moved away: its watches would go on to report under the old path. */
static void forget_tree(struct channel *c, const char *path) {
    struct watch *w = c->watch;
    size_t n = strlen(path);
    for (int i = w->count - 1; i >= 0; i--) {
        const char *p = w->of[i].path;
        if (strncmp(p, path, n) || (p[n] && p[n] != '/')) continue;
        inotify_rm_watch(c->out, w->of[i].wd);
        forget(w, w->of[i].wd);
    }
}

static void on_event(struct channel *c, const struct inotify_event *e) {
    int is_dir = !!(e->mask & IN_ISDIR);
    char path[4200];
    const char *parent;
    if (e->mask & IN_Q_OVERFLOW) { report(c, 'o', 1, ""); return; }
    if (e->mask & IN_IGNORED) { forget(c->watch, e->wd); return; }
    parent = path_of(c->watch, e->wd);
    if (!parent || !e->len || strstr(e->name, ".drydock-")) return; /* our own half-written files */
    if (snprintf(path, sizeof path, "%s%s%s", parent, *parent ? "/" : "", e->name) >= (int)sizeof path) return;
    if (e->mask & (IN_CREATE | IN_MOVED_TO)) {
        report(c, 'c', is_dir, path);
        if (is_dir) {
            act_as_ids(c->watch_uid, c->watch_gid);
            add_tree(c, path, 1, 1);
            act_as_root();
        }
    } else if (e->mask & IN_CLOSE_WRITE) report(c, 'm', is_dir, path);
    else if (e->mask & (IN_DELETE | IN_MOVED_FROM)) {
        if (is_dir && (e->mask & IN_MOVED_FROM)) forget_tree(c, path);
        report(c, 'd', is_dir, path);
    }
}

void read_watch(int channel) {
    struct channel *c = &channels[channel];
    char bytes[8192] __attribute__((aligned(8)));
    ssize_t n = read(c->out, bytes, sizeof bytes);
    for (ssize_t at = 0; at < n;) {
        const struct inotify_event *e = (const struct inotify_event *)(bytes + at);
        on_event(c, e);
        at += sizeof *e + e->len;
    }
    flush_pending(channel);
}

void free_watch(struct channel *c) {
    for (int i = 0; i < c->watch->count; i++) free(c->watch->of[i].path);
    free(c->watch->root);
    free(c->watch);
    c->watch = 0;
}
