/*
 * A link between two network namespaces: delay, rate, queue and loss in each direction. The kernel
 * on both sides does the rest, so windows, congestion control and retransmission are real.
 *
 *   link PARENT DELAY_US RATE_BITS LOSS_PER_MILLION QUEUE_BYTES SEED COUNTERS
 *
 * It makes the namespaces itself and keeps them as descriptors 3 (near) and 4 (far): a command runs
 * at an end with `nsenter --net=/proc/PID/fd/3`. Each has a device `wan`, and needs an address.
 * When this process ends, the devices are gone, and the namespaces are with the last command in
 * them. It ends on SIGTERM, and when the process PARENT does (0: none is watched).
 *
 * A packet that arrives waits until the packets before it are sent, unless more than QUEUE_BYTES
 * wait already; it takes its time at the rate, is lost or not, and arrives after the delay. The
 * file COUNTERS is memory shared with whoever wants to know; see `struct board`.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
  LARGEST = 1 << 16, /* bytes of a packet, at most */
  BURST = 128,       /* packets taken from one end before the other has its turn */
  NAP = 200000       /* nanoseconds between two looks at a busy link */
};

/* What is told of one direction: packets, and their bytes with IP headers. */
struct tally {
  uint64_t entered, entered_bytes, lost, overflowed, arrived, arrived_bytes;
};

/* The shared memory; link.py knows its form. While `cut` is not 0, whatever enters is lost. */
struct board {
  uint64_t ready, cut;
  struct tally there, back;
};

struct packet {
  uint64_t due;    /* when it arrives, in nanoseconds */
  uint64_t length; /* bytes that follow; 0: go on at the start of the ring */
};

struct direction {
  int from, to;
  struct tally *tally;
  uint64_t free_at; /* when the sender has sent all that waits */
  uint64_t luck;    /* state of the generator */
  char *ring;
  uint64_t size, head, tail; /* head: next to write; tail: next to deliver */
};

static uint64_t delay, byte_rate, loss_per_million, queue_bytes;

static void fail(const char *what) {
  fprintf(stderr, "link: %s: %s\n", what, strerror(errno));
  exit(1);
}

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t sending_time(uint64_t bytes) { return bytes * 1000000000u / byte_rate; }

/* splitmix64 */
static uint64_t draw(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/* A new namespace with a device `wan`; `keep` becomes the descriptor of the namespace. */
static int end_of_link(int keep) {
  if (unshare(CLONE_NEWNET) != 0) fail("a network namespace cannot be made");
  int space = open("/proc/self/ns/net", O_RDONLY);
  if (space < 0 || dup2(space, keep) < 0) fail("/proc/self/ns/net");
  if (space != keep) close(space);
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  if (device < 0) fail("/dev/net/tun");
  struct ifreq wanted = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  strcpy(wanted.ifr_name, "wan");
  if (ioctl(device, TUNSETIFF, &wanted) != 0) fail("the device wan");
  return device;
}

static void prepare(struct direction *way, int from, int to, struct tally *tally, uint64_t seed) {
  way->from = from;
  way->to = to;
  way->tally = tally;
  way->luck = seed;
  /* Twice what can be under way, for small packets have a large header here. */
  way->size = 2 * (byte_rate * (delay / 1000) / 1000000 + queue_bytes) + 16 * LARGEST;
  way->ring = malloc(way->size);
  if (way->ring == NULL) fail("memory");
}

static struct packet *at(struct direction *way, uint64_t place) {
  return (struct packet *)(void *)(way->ring + place);
}

static uint64_t room_of(uint64_t length) {
  return (sizeof(struct packet) + length + 15) / 16 * 16;
}

/* A place for a packet of `length` bytes; NULL when the ring is full. */
static struct packet *reserve(struct direction *way, uint64_t length) {
  uint64_t room = room_of(length);
  if (way->head >= way->tail) {
    if (way->head + room + sizeof(struct packet) <= way->size) return at(way, way->head);
    if (room >= way->tail) return NULL;
    at(way, way->head)->length = 0;
    way->head = 0;
  } else if (way->head + room >= way->tail) {
    return NULL;
  }
  return at(way, way->head);
}

static void enter(struct direction *way, const char *content, uint64_t length, int cut) {
  struct tally *tally = way->tally;
  uint64_t time = now();
  tally->entered++;
  tally->entered_bytes += length;
  uint64_t begins = way->free_at > time ? way->free_at : time;
  if (begins - time > sending_time(queue_bytes)) {
    tally->overflowed++;
    return;
  }
  way->free_at = begins + sending_time(length);
  int lost = draw(&way->luck) % 1000000 < loss_per_million;
  if (lost || cut) {
    tally->lost++;
    return;
  }
  struct packet *packet = reserve(way, length);
  if (packet == NULL) {
    tally->overflowed++;
    return;
  }
  packet->due = way->free_at + delay;
  packet->length = length;
  memcpy(packet + 1, content, length);
  way->head += room_of(length);
}

static void take(struct direction *way, int cut) {
  static char content[LARGEST];
  for (int i = 0; i < BURST; i++) {
    ssize_t length = read(way->from, content, sizeof content);
    if (length > 0) {
      enter(way, content, (uint64_t)length, cut);
    } else if (errno == EINTR) {
      continue;
    } else if (errno == EAGAIN || errno == EIO) { /* EIO: the device is not up yet */
      return;
    } else {
      fail("reading from a device");
    }
  }
}

/* When the oldest packet arrives; UINT64_MAX: none is under way. */
static uint64_t next_due(struct direction *way) {
  if (way->tail == way->head) return UINT64_MAX;
  if (at(way, way->tail)->length == 0) way->tail = 0;
  return way->tail == way->head ? UINT64_MAX : at(way, way->tail)->due;
}

static void deliver(struct direction *way, uint64_t time) {
  while (next_due(way) <= time) {
    struct packet *packet = at(way, way->tail);
    if (write(way->to, packet + 1, packet->length) == (ssize_t)packet->length) {
      way->tally->arrived++;
      way->tally->arrived_bytes += packet->length;
    } else { /* the far end has no memory for it, or is not up */
      way->tally->lost++;
    }
    way->tail += room_of(packet->length);
  }
}

static void sleep_until(uint64_t time) {
  struct timespec t = {(time_t)(time / 1000000000u), (long)(time % 1000000000u)};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

static void carry(struct direction *there, struct direction *back, struct board *board, int parent) {
  struct pollfd watched[] = {{there->from, POLLIN, 0}, {back->from, POLLIN, 0}, {parent, POLLIN, 0}};
  for (;;) {
    uint64_t begun = now();
    take(there, board->cut != 0);
    take(back, board->cut != 0);
    deliver(there, now());
    deliver(back, now());
    uint64_t first = next_due(there), second = next_due(back), time = now();
    uint64_t due = first < second ? first : second;
    uint64_t wait = due == UINT64_MAX ? 1000000000u : due > time ? due - time : 0;
    struct timespec limit = {(time_t)(wait / 1000000000u), (long)(wait % 1000000000u)};
    if (ppoll(watched, 3, &limit, NULL) < 0 && errno != EINTR) fail("waiting");
    if (watched[2].revents != 0) return;
    if (now() < begun + NAP) sleep_until(begun + NAP); /* several packets at each look */
  }
}

static struct board *shared(const char *path) {
  int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || ftruncate(file, sizeof(struct board)) != 0) fail(path);
  struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (board == MAP_FAILED) fail(path);
  close(file);
  return board;
}

int main(int count, char **word) {
  if (count != 8) {
    fprintf(stderr, "usage: link PARENT DELAY_US RATE_BITS LOSS_PER_MILLION QUEUE_BYTES SEED COUNTERS\n");
    return 2;
  }
  pid_t watched = atoi(word[1]);
  delay = strtoull(word[2], NULL, 10) * 1000;
  byte_rate = strtoull(word[3], NULL, 10) / 8;
  loss_per_million = strtoull(word[4], NULL, 10);
  queue_bytes = strtoull(word[5], NULL, 10);
  uint64_t seed = strtoull(word[6], NULL, 10);
  if (byte_rate == 0) {
    fprintf(stderr, "link: the rate must be more than 0\n");
    return 2;
  }
  int parent = -1;
  if (watched > 0 && (parent = (int)syscall(SYS_pidfd_open, watched, 0)) < 0) fail("the parent");
  if (parent >= 0) parent = fcntl(parent, F_DUPFD_CLOEXEC, 10); /* 3 and 4 are spoken for */
  struct board *board = shared(word[7]);
  int near = fcntl(end_of_link(3), F_DUPFD_CLOEXEC, 10);
  int far = fcntl(end_of_link(4), F_DUPFD_CLOEXEC, 10);
  struct direction there = {0}, back = {0};
  prepare(&there, near, far, &board->there, seed);
  prepare(&back, far, near, &board->back, ~seed);
  prctl(PR_SET_TIMERSLACK, 1000UL);
  /* Before all others, so that a busy machine is not a longer link; it sleeps most of the time. */
  struct sched_param priority = {.sched_priority = 1};
  if (sched_setscheduler(0, SCHED_RR, &priority) != 0) perror("link: no priority");
  board->ready = 1;
  carry(&there, &back, board, parent);
  return 0;
}
