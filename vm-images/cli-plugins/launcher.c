/*
 * docker-buildx and docker-compose as the Docker CLI finds them first: tells in C what those programs would tell of themselves.
 *
 * The CLI asks each plugin what it is by starting it with "docker-cli-plugin-metadata", twice before `docker build` or `docker
 * compose`, and both plugins for `docker info`, `docker --help` and each completion by the Tab key. Starting these Go programs
 * costs an emulated processor 77 and 191 million instructions, which is 2 to 7 seconds for each question.
 *
 * The answer is the plugin's own, noted when the image was built (builder/boot/guest/install.sh), as long as the plugin is the
 * one that was asked. Whatever else it is called for goes to the real program, as it came. The CLI finds this program first
 * because it looks into /usr/local/lib/docker/cli-plugins before /usr/libexec/docker/cli-plugins (cli-plugins/manager of docker/cli).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL "/usr/libexec/docker/cli-plugins"
#define NOTED "/usr/lib/drydock/cli-plugins"
#define QUESTION "docker-cli-plugin-metadata"
/* buildx draws its progress anew for each event, up to ten times a second: 2 million instructions each, a third of a build. */
#define MILLISECONDS_BETWEEN_DRAWINGS "500"
/* Their heaps are small: with Go's own 100 % an eighth of what Compose does before its first word is collecting garbage. */
#define GARBAGE_COLLECTED_AT_PERCENT "400"

/* Prints what was noted of the plugin. Returns 0 without a word if there is nothing, or if the plugin was replaced since. */
static int tell(const char *name, const char *real) {
    char path[256], text[4096];
    struct stat plugin, noted;
    size_t length;
    FILE *file;
    if (snprintf(path, sizeof path, NOTED "/%s.json", name) >= (int)sizeof path) return 0;
    if (stat(real, &plugin) || stat(path, &noted) || plugin.st_ctime > noted.st_mtime) return 0;
    if (!(file = fopen(path, "r"))) return 0;
    length = fread(text, 1, sizeof text, file);
    fclose(file);
    return length > 0 && length < sizeof text && fwrite(text, length, 1, stdout) == 1 && !fflush(stdout);
}

int main(int argc, char **argv) {
    char real[256];
    const char *name = strrchr(argv[0], '/');
    name = name ? name + 1 : argv[0];
    if (snprintf(real, sizeof real, REAL "/%s", name) >= (int)sizeof real) return 1;
    if (argc == 2 && !strcmp(argv[1], QUESTION) && tell(name, real)) return 0;
    setenv("TTY_DISPLAY_RATE", MILLISECONDS_BETWEEN_DRAWINGS, 0);
    setenv("GOGC", GARBAGE_COLLECTED_AT_PERCENT, 0);
    argv[0] = real;
    execv(real, argv);
    fprintf(stderr, "%s: %s\n", real, strerror(errno));
    return 1;
}
