/* SHA-256 (FIPS 180-4), for names. */
#include <stddef.h>

/* Sixty-four digits and the end of the string. */
#define SHA256_HEX 65

void sha256_hex(const void *data, size_t length, char hex[SHA256_HEX]);
