#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>

int wharf_start_writeback(int descriptor, long long length) {
#if defined(__linux__)
    return sync_file_range(descriptor, 0, length, SYNC_FILE_RANGE_WRITE);
#else
    (void)descriptor;
    (void)length;
    return 0;
#endif
}
