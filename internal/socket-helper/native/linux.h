/*
 * The part of the Linux system call interface that the helper uses, for x64 and arm64. It is written out here, and called
 * without a C library, so that one file serves glibc and musl and a build needs no header but the compiler's own.
 */
#ifndef BOOTWIRE_LINUX_H
#define BOOTWIRE_LINUX_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
enum {
  SYS_CLOSE = 3, SYS_MMAP = 9, SYS_MUNMAP = 11, SYS_IOCTL = 16, SYS_SOCKET = 41, SYS_BIND = 49, SYS_GETSOCKNAME = 51,
  SYS_SETSOCKOPT = 54, SYS_GETSOCKOPT = 55, SYS_FCNTL = 72, SYS_RECVMMSG = 299, SYS_SENDMMSG = 307
};

static inline long call6(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
enum {
  SYS_FCNTL = 25, SYS_IOCTL = 29, SYS_CLOSE = 57, SYS_SOCKET = 198, SYS_BIND = 200, SYS_GETSOCKNAME = 204,
  SYS_SETSOCKOPT = 208, SYS_GETSOCKOPT = 209, SYS_MUNMAP = 215, SYS_MMAP = 222, SYS_RECVMMSG = 243, SYS_SENDMMSG = 269
};

static inline long call6(long number, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}
#else
#error "only x64 and arm64 are known"
#endif

#define CALL3(number, a, b, c) call6(number, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define CALL5(number, a, b, c, d, e) call6(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)

enum { EINTR = 4, EBADF = 9, EAGAIN = 11, ENOMEM = 12, EINVAL = 22, ENOSYS = 38, ENOTSOCK = 88 };
enum { AF_INET = 2, AF_INET6 = 10, SOCK_DGRAM = 2, SOCK_RAW = 3, SOCK_NONBLOCK = 04000, SOCK_CLOEXEC = 02000000 };
enum { SOL_IP = 0, SOL_SOCKET = 1, SOL_UDP = 17, SOL_IPV6 = 41 };
enum { SO_TYPE = 3, SO_ERROR = 4, IP_PKTINFO = 8, IPV6_PKTINFO = 50, IPV6_HOPLIMIT = 52, UDP_SEGMENT = 103 };
enum { MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000, F_DUPFD_CLOEXEC = 1030 };
enum { SIOCGIFNAME = 0x8910, SIOCGIFINDEX = 0x8933, INTERFACE_NAME_BYTES = 16 };
enum { PROT_READ_WRITE = 3, MAP_PRIVATE_ANONYMOUS = 0x22 };

struct iovec {
  void *base;
  size_t length;
};

/* The kernel's view of msghdr (glibc has the same, musl pads it). */
struct message {
  void *name;
  int name_length;
  struct iovec *parts;
  size_t part_count;
  void *control;
  size_t control_length;
  unsigned flags;
};

struct message_of_many {
  struct message message;
  unsigned length;
};

struct control_header {
  size_t length;
  int level;
  int type;
};

/* sockaddr_in and sockaddr_in6 in one; their first four bytes are alike. Ports and addresses are in network order. */
struct socket_address {
  uint16_t family;
  uint16_t port;
  union {
    uint8_t ipv4[4];
    struct {
      uint32_t flow;
      uint8_t address[16];
      uint32_t scope;
    } ipv6;
  };
};

enum { IPV4_NAME_BYTES = 16, IPV6_NAME_BYTES = 28 };

struct ipv4_packet_info {
  uint32_t interface;
  uint8_t local[4];
  uint8_t destination[4];
};

struct ipv6_packet_info {
  uint8_t address[16];
  uint32_t interface;
};

static inline uint16_t swapped(uint16_t value) { return (uint16_t)(value >> 8 | value << 8); }

#endif
