/* LD_PRELOAD: moves a process's wall clock while it runs, and says whether a time server has set it.
 * Monotonic clocks and sleeps stay as they are; libfaketime, which leaves the monotonic clock alone only by an option,
 * then makes Python's time.sleep fail with EINVAL. $CLOCK_SHIM names a file of two 64-bit numbers: nanoseconds to
 * add, and 1 for synchronised. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

static volatile int64_t *shared;
static int (*real_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
  real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  int file = open(getenv("CLOCK_SHIM"), O_RDONLY);
  void *map = mmap(NULL, 2 * sizeof *shared, PROT_READ, MAP_SHARED, file, 0);
  if (file < 0 || map == MAP_FAILED) abort();
  close(file);
  shared = map;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int failed = real_clock_gettime(clock, now);
  if (!failed && shared && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t moved = now->tv_sec * SECOND + now->tv_nsec + shared[0];
    now->tv_sec = moved / SECOND;
    now->tv_nsec = moved % SECOND;
  }
  return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *now) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (now) *now = exact.tv_sec;
  return exact.tv_sec;
}

int adjtimex(struct timex *state) {
  memset(state, 0, sizeof *state);
  state->status = shared[1] ? STA_PLL : STA_UNSYNC;
  state->maxerror = state->esterror = shared[1] ? 2000 : 16000000;
  return shared[1] ? TIME_OK : TIME_ERROR;
}
