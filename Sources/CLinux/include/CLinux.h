/* Calls of Linux that Swift's Glibc module does not show, because glibc declares them for _GNU_SOURCE only. */
#ifndef WHARF_CLINUX_H
#define WHARF_CLINUX_H

/* Asks the kernel to start writing the file's first `length` bytes to the disk, without waiting (sync_file_range(2)).
   Advice only: 0, or -1 with errno; whether the bytes are safe only fsync tells. Does nothing where there is no such call. */
int wharf_start_writeback(int descriptor, long long length);

/* Lets the empty file `destination` share the bytes of `source` until one of them changes (ioctl_ficlone(2)). 0, or -1 with errno, which is
   EOPNOTSUPP where there is no such call. */
int wharf_clone(int destination, int source);

#endif
