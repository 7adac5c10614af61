#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#if defined(__linux__)
#include <linux/fs.h>
#include <sys/ioctl.h>
#endif

int wharf_start_writeback(int descriptor, long long length) {
#if defined(__linux__)
    return sync_file_range(descriptor, 0, length, SYNC_FILE_RANGE_WRITE);
#else
    (void)descriptor;
    (void)length;
    return 0;
#endif
}

int wharf_clone(int destination, int source) {
#if defined(__linux__) && defined(FICLONE)
    return ioctl(destination, FICLONE, source);
#else
    (void)destination;
    (void)source;
    errno = EOPNOTSUPP;
    return -1;
#endif
}
