/*
 * "runc", as BuildKit calls it for each step of a build: crun, and what the engine would do for the network of the step in C.
 *
 * BuildKit runs steps by the first "runc" in the engine's path (systemd/docker.conf); containers have the runtime that they ask
 * for. crun starts a step for 150 million instructions less. And the engine has itself started again by the runtime, as the
 * hook "libnetwork-setkey", only to be told the process whose network the step has: 125 million instructions, half of a step.
 *
 * So in the bundle of a step the path of that hook is replaced by this program's. Called as the hook it tells the engine the same,
 * through the same socket: setExternalKey in libnetwork/sandbox_externalkey_unix.go of moby; the hook: Set in
 * builder-next/executor_linux.go. A bundle that looks otherwise is left as it is.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "../common/read-text.h"

#define RUNTIME "/usr/bin/crun"
#define OWN "/usr/lib/drydock/runtime/runc"
#define HOOK "libnetwork-setkey"

/* Where the engine's own path begins in `"path":"/proc/123/exe","args":["libnetwork-setkey"`, and its length; or NULL. */
static char *find_hook(char *config, size_t *length) {
    static const char before[] = "\"path\":\"", after[] = "/exe\",\"args\":[\"" HOOK "\"";
    char *at, *path;
    if (!(at = strstr(config, after))) return NULL;
    for (path = at; path > config && path[-1] != '"'; path--);
    if ((size_t)(path - config) < sizeof before - 1 || strncmp(path - (sizeof before - 1), before, sizeof before - 1)) return NULL;
    if (strncmp(path, "/proc/", 6)) return NULL;
    *length = at + 4 - path;
    return path;
}

static void replace_hook(const char *bundle) {
    char path[4096], *config, *hook;
    size_t length;
    FILE *file;
    if (snprintf(path, sizeof path, "%s/config.json", bundle) >= (int)sizeof path) return;
    config = read_text_file(path);
    if (config && (hook = find_hook(config, &length)) && (file = fopen(path, "w"))) {
        fwrite(config, hook - config, 1, file);
        fputs(OWN, file);
        fputs(hook + length, file);
        fclose(file);
    }
    free(config);
}

static int fail(const char *what) {
    fprintf(stderr, HOOK ": %s: %s\n", what, strerror(errno));
    return 1;
}

/* libnetwork-setkey -exec-root=FOLDER SANDBOX CONTROLLER, with the state of the container as JSON on the standard input. */
static int set_key(int argc, char **argv) {
    static const char option[] = "-exec-root=", success[] = "success";
    struct sockaddr_un address = { AF_UNIX };
    char *state, *pid, message[512], answer[1024];
    ssize_t n;
    int fd, length;
    errno = EINVAL;
    if (argc != 4 || strncmp(argv[1], option, sizeof option - 1) || !(state = read_text(0))) return fail("it was not called as expected");
    for (pid = strstr(state, "\"pid\""); pid && *pid && (*pid < '0' || *pid > '9'); pid++);
    if (!pid || !*pid) return fail("the state names no process");
    length = snprintf(message, sizeof message, "{\"ContainerID\":\"%s\",\"Key\":\"/proc/%ld/ns/net\"}", argv[2], strtol(pid, NULL, 10));
    free(state);
    if (length >= (int)sizeof message || snprintf(address.sun_path, sizeof address.sun_path, "%s/libnetwork/%s.sock", argv[1] + sizeof option - 1, argv[3]) >= (int)sizeof address.sun_path) return fail("a name is too long");
    if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0 || connect(fd, (struct sockaddr *)&address, sizeof address)) return fail(address.sun_path);
    if (write(fd, message, length) != length) return fail("the engine does not listen");
    if ((n = read(fd, answer, sizeof answer - 1)) < 0) return fail("the engine does not answer");
    answer[n] = 0;
    if (!strcmp(answer, success)) return 0;
    fprintf(stderr, HOOK ": %s\n", answer);
    return 1;
}

int main(int argc, char **argv) {
    int i, runs = 0;
    const char *bundle = NULL;
    if (!strcmp(argv[0], HOOK)) return set_key(argc, argv);
    for (i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "run")) runs = 1;
        else if (!strcmp(argv[i], "--bundle") && i + 1 < argc) bundle = argv[i + 1];
    }
    if (runs && bundle) replace_hook(bundle);
    argv[0] = RUNTIME;
    execv(RUNTIME, argv);
    perror(RUNTIME);
    return 1;
}
