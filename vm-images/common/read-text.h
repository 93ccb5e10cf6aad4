/* Reading small files whole. */
#ifndef READ_TEXT_H
#define READ_TEXT_H

/* All that a descriptor still has, as text, to be freed; NULL with errno where it cannot be read or has a mebibyte or more. */
char *read_text(int fd);

/* The same of a file. */
char *read_text_file(const char *path);

#endif
