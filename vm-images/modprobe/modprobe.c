/*
 * What the kernel calls when it wants a module (kernel.modprobe): says at once that there is none for a foreign kind of program.
 *
 * BuildKit asks before each build which processors' programs this machine can run, by trying to start one of each: ten times the
 * kernel then asks for the module "binfmt-464c", which no kernel has, and the real modprobe costs 6 million instructions each time.
 * Everything else goes to the real one.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REAL_MODPROBE "/sbin/modprobe"
#define FOREIGN_PROGRAM "binfmt-"

int main(int argc, char **argv) {
    if (argc > 1 && !strncmp(argv[argc - 1], FOREIGN_PROGRAM, sizeof FOREIGN_PROGRAM - 1)) return 1;
    argv[0] = REAL_MODPROBE;
    execv(REAL_MODPROBE, argv);
    perror(REAL_MODPROBE);
    return 1;
}
