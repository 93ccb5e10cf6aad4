/*
 * fchmodat2 COMMAND...: runs COMMAND with the system call fchmodat2, which Linux has since 6.6 and the machine's kernel, 6.1,
 * the last one that Debian builds for i386, has not.
 *
 * The engine is built with a Go that changes the mode of a file without following links by this call, and without it through
 * /proc, which is not there where it unpacks files into a container: `docker cp FILE CONTAINER:/` brings the file and fails.
 *
 * A seccomp filter hands this one call to a supervisor, which does what newer kernels do (seccomp_unotify(2)). Every other
 * call goes its way. If the supervisor ends, the call is unknown again. Numbers and structures: linux/seccomp.h,
 * fchmodat2 in arch/x86/entry/syscalls of Linux 6.6.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FCHMODAT2 452

/* Returns the descriptor from which the supervisor takes the calls, or -1. */
static int install_filter(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_I386, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FCHMODAT2, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
    };
    struct sock_fprog program = { sizeof code / sizeof *code, code };
    return syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

/* A file under the caller's entry of /proc, or -1. */
static int open_of(unsigned pid, const char *what, int flags) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%u/%s", pid, what);
    return open(path, flags | O_CLOEXEC);
}

/* Copies the string at `address` of the caller; returns 0 or the error. The end of the string may be the end of its memory. */
static int read_path(unsigned pid, unsigned long address, char *path) {
    int fd = open_of(pid, "mem", O_RDONLY), error = ENAMETOOLONG;
    size_t have = 0;
    if (fd < 0) return EFAULT;
    while (have < PATH_MAX) {
        size_t rest = 4096 - ((address + have) & 4095);
        ssize_t n = pread(fd, path + have, rest < PATH_MAX - have ? rest : PATH_MAX - have, (off_t)(address + have));
        if (n <= 0) { error = EFAULT; break; }
        if (memchr(path + have, 0, n)) { error = 0; break; }
        have += n;
    }
    close(fd);
    return error;
}

/*
 * In a process of its own, since it enters the caller's root. Returns 0 or the error of the call.
 * That the caller still waits is asked once its files under /proc are open: before, its number may pass to another process.
 */
static int change_mode(int listener, const struct seccomp_notif *call) {
    int dirfd = (int)call->data.args[0], flags = (int)call->data.args[3], root, base, own, file, error;
    mode_t mode = (mode_t)call->data.args[2];
    char path[PATH_MAX], name[32];
    struct stat status;
    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) return EINVAL;
    if ((error = read_path(call->pid, (unsigned long)call->data.args[1], path))) return error;
    if (!*path && !(flags & AT_EMPTY_PATH)) return ENOENT;
    if (dirfd == AT_FDCWD) strcpy(name, "cwd");
    else snprintf(name, sizeof name, "fd/%d", dirfd);
    root = open_of(call->pid, "root", O_PATH | O_DIRECTORY);
    base = open_of(call->pid, name, O_PATH);
    own = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0 || own < 0) return EACCES;
    if (base < 0 && *path != '/') return EBADF;
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &call->id)) return ENOENT;
    if (fchdir(root) || chroot(".")) return errno;
    file = *path ? openat(base, path, O_PATH | O_CLOEXEC | (flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0)) : base;
    if (file < 0 || fstat(file, &status)) return errno;
    if (S_ISLNK(status.st_mode)) return EOPNOTSUPP;
    snprintf(name, sizeof name, "%d", file);
    return fchmodat(own, name, mode, 0) ? errno : 0;
}

static void supervise(int listener) {
    for (;;) {
        struct seccomp_notif call;
        struct seccomp_notif_resp answer;
        int status;
        pid_t worker;
        memset(&call, 0, sizeof call);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call)) {
            /* The caller was killed meanwhile, or a signal came. */
            if (errno == ENOENT || errno == EINTR) continue;
            return;
        }
        worker = fork();
        if (!worker) _exit(change_mode(listener, &call));
        memset(&answer, 0, sizeof answer);
        answer.id = call.id;
        if (worker < 0 || waitpid(worker, &status, 0) < 0 || !WIFEXITED(status)) answer.error = -EIO;
        else answer.error = -WEXITSTATUS(status);
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

int main(int argc, char **argv) {
    pid_t parent = getpid();
    int listener;
    if (argc < 2) { fprintf(stderr, "usage: fchmodat2 COMMAND...\n"); return 2; }
    /* Where filters are not to be had the command runs as it would without. */
    listener = install_filter();
    if (listener >= 0) {
        pid_t supervisor = fork();
        if (!supervisor) {
            /* It ends with the command, which is what the parent becomes. */
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            prctl(PR_SET_NAME, "fchmodat2");
            if (getppid() == parent) supervise(listener);
            _exit(0);
        }
        close(listener);
    }
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    return 127;
}
