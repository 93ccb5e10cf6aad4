/*
 * containerd-shim-runc-v2 start | delete, as containerd 2.1 calls it: does in C what that program does in Go.
 *
 * containerd starts its shim three times for each container: "start" only starts the third, the daemon that stays with the
 * container; "delete" cleans up after it, although the daemon has done so unless it was killed. Each start of a Go program
 * of that size costs an emulated processor some 40 million instructions, a third of a `docker run` the two together. The
 * daemon itself is containerd's own, with its own name: /usr/bin/containerd-shim-runc-v2.
 *
 * This program is found first because its folder stands first in containerd's PATH (containerd-shim.conf). Whatever it does not know (other
 * options, a container that shares its shim, something that is left to clean up) it hands to the real program, as it came.
 *
 * The protocol between containerd and a shim: core/runtime/v2/README.md of containerd; the name of the socket:
 * SocketAddress in pkg/shim/util_unix.go; task.DeleteResponse: api/runtime/task/v3/shim.proto.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "../common/read-text.h"
#include "sha256.h"

#define REAL_SHIM "/usr/bin/containerd-shim-runc-v2"
#define SOCKET_FOLDER "/run/containerd/s"
/* What the daemon gets as its first descriptor after the standard ones: it serves on it. */
#define SOCKET_FD 3
/* 128 + SIGKILL: what containerd's own program says of a container whose shim is gone. */
#define KILLED 137

extern char **environ;

struct call {
    const char *namespace, *id, *address, *action;
};

/* Runs the real program in our place. Nothing has been read from the standard input by then, and nothing changed. */
static int hand_over(char **argv) {
    argv[0] = REAL_SHIM;
    execv(REAL_SHIM, argv);
    fprintf(stderr, "%s: %s", REAL_SHIM, strerror(errno));
    return 1;
}

/* Whether the options are those that containerd gives, each with its value in the next argument, and the action the last. */
static int read_arguments(int argc, char **argv, struct call *call) {
    int i;
    for (i = 1; i + 1 < argc; i += 2) {
        const char *value = argv[i + 1];
        if (!strcmp(argv[i], "-namespace")) call->namespace = value;
        else if (!strcmp(argv[i], "-id")) call->id = value;
        else if (!strcmp(argv[i], "-address")) call->address = value;
        else if (strcmp(argv[i], "-publish-binary") && strcmp(argv[i], "-bundle")) return 0;
    }
    if (i + 1 != argc) return 0;
    call->action = argv[i];
    return call->namespace && call->id && call->address;
}

/* A container may name another one whose shim it shares (Kubernetes' pods): that is for the real program. */
static int shares_a_shim(void) {
    char *config = read_text_file("config.json");
    int shares = !config || strstr(config, "io.containerd.runc.v2.group") || strstr(config, "io.kubernetes.cri.sandbox-id");
    free(config);
    return shares;
}

/* A listening socket at the name that containerd's shims use, or -1. A socket that is there already is not touched. */
static int listen_for(const struct call *call, struct sockaddr_un *name) {
    char key[4096], digest[SHA256_HEX];
    int fd;
    if (snprintf(key, sizeof key, "%s/%s/%s", call->address, call->namespace, call->id) >= (int)sizeof key) return -1;
    sha256_hex(key, strlen(key), digest);
    memset(name, 0, sizeof *name);
    name->sun_family = AF_UNIX;
    snprintf(name->sun_path, sizeof name->sun_path, SOCKET_FOLDER "/%s", digest);
    mkdir(SOCKET_FOLDER, 0700);
    if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0) return -1;
    if (bind(fd, (struct sockaddr *)name, sizeof *name)) { close(fd); return -1; }
    if (chmod(name->sun_path, 0600) || listen(fd, SOMAXCONN)) {
        unlink(name->sun_path);
        close(fd);
        return -1;
    }
    return fd;
}

/* Starts the daemon in a process group of its own with nothing but the socket; returns 0 or an error. */
static int spawn_daemon(const struct call *call, int socket, pid_t *pid) {
    char *argv[] = { REAL_SHIM, "-namespace", (char *)call->namespace, "-id", (char *)call->id, "-address", (char *)call->address, NULL };
    char service[4096];
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    snprintf(service, sizeof service, "containerd-shim-%s", call->id);
    /* More threads than processors only wait for each other: the machine has one (containerd's own program says 4). */
    setenv("GOMAXPROCS", "1", 1);
    setenv("OTEL_SERVICE_NAME", service, 1);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, socket, SOCKET_FD);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&files, 0, 1);
    posix_spawn_file_actions_adddup2(&files, 0, 2);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    return posix_spawn(pid, REAL_SHIM, &files, &attributes, argv, environ);
}

/* When memory runs out the daemon is to end before containerd, whose child this program is. Returns 0 or -1. */
static int adjust_oom_score(pid_t pid) {
    char path[64], *text;
    int score, fd, done;
    snprintf(path, sizeof path, "/proc/%d/oom_score_adj", getppid());
    if (!(text = read_text_file(path))) return -1;
    score = atoi(text) + 1;
    free(text);
    snprintf(path, sizeof path, "/proc/%d/oom_score_adj", pid);
    if ((fd = open(path, O_WRONLY | O_CLOEXEC)) < 0) return -1;
    done = dprintf(fd, "%d", score > 1000 ? 1000 : score) < 0 ? -1 : 0;
    close(fd);
    return done;
}

/* Starts the daemon and says where it listens. Its working directory is ours, the container's bundle. */
static int start(const struct call *call, char **argv) {
    struct sockaddr_un name;
    pid_t pid;
    int error, socket;
    if (shares_a_shim() || getenv("SCHED_CORE") || (socket = listen_for(call, &name)) < 0) return hand_over(argv);
    if ((error = spawn_daemon(call, socket, &pid)) || adjust_oom_score(pid)) {
        unlink(name.sun_path);
        fprintf(stderr, "%s: %s", REAL_SHIM, error ? strerror(error) : "its oom_score_adj cannot be set");
        return 1;
    }
    printf("{\"version\":3,\"address\":\"unix://%s\",\"protocol\":\"ttrpc\"}", name.sun_path);
    return 0;
}

/*
 * Whether the runtime has forgotten the container and nothing is mounted for it. The folder in which the runtime keeps its
 * containers stands in the options that containerd leaves in the bundle; where it does not, the answer is no.
 */
static int is_clean(const struct call *call) {
    static const char key[] = "\"root\":\"";
    char path[4096], *options = read_text_file("options.json"), *root, *end;
    struct stat bundle, rootfs, state;
    int clean = 0;
    if (options && (root = strstr(options, key)) && (end = strchr(root += sizeof key - 1, '"')) && end > root && !memchr(root, '\\', end - root)) {
        *end = 0;
        clean = snprintf(path, sizeof path, "%s/%s/%s", root, call->namespace, call->id) < (int)sizeof path
            && stat(path, &state) && errno == ENOENT
            && !stat(".", &bundle) && (stat("rootfs", &rootfs) ? errno == ENOENT : rootfs.st_dev == bundle.st_dev);
    }
    free(options);
    return clean;
}

/* A number as protocol buffers write it, seven bits a byte; returns where it ends. */
static unsigned char *varint(unsigned char *at, unsigned long long value) {
    for (; value > 127; value >>= 7) *at++ = value | 128;
    *at++ = value;
    return at;
}

/* Answers with task.DeleteResponse { pid = 1; exit_status = 2; exited_at = 3 { seconds = 1; nanos = 2 } }. */
static int delete(const struct call *call, char **argv) {
    unsigned char time[32], answer[64], *at, *end;
    struct timespec now;
    char *pid;
    size_t size;
    if (!is_clean(call)) return hand_over(argv);
    clock_gettime(CLOCK_REALTIME, &now);
    time[0] = 1 << 3;
    end = varint(time + 1, now.tv_sec);
    *end++ = 2 << 3;
    end = varint(end, now.tv_nsec);
    at = answer;
    if ((pid = read_text_file("init.pid"))) {
        *at++ = 1 << 3;
        at = varint(at, strtoul(pid, NULL, 10));
        free(pid);
    }
    *at++ = 2 << 3;
    at = varint(at, KILLED);
    *at++ = 3 << 3 | 2;
    size = end - time;
    at = varint(at, size);
    memcpy(at, time, size);
    at += size;
    return fwrite(answer, at - answer, 1, stdout) != 1;
}

int main(int argc, char **argv) {
    struct call call = { NULL, NULL, NULL, NULL };
    if (!read_arguments(argc, argv, &call)) return hand_over(argv);
    if (!strcmp(call.action, "start")) return start(&call, argv);
    if (!strcmp(call.action, "delete")) return delete(&call, argv);
    return hand_over(argv);
}
