// SHA-256 in pieces of any length, by the CPU's instructions where it has them, and by scalar arithmetic; and the digest of a text known.

#include <string.h>

#include "../../Kernels/support/sha256.h"
#include "harness.h"

static void digest_in_pieces(test_case *t, eseg_sha256_blocks blocks, const uint8_t *bytes, size_t count, uint8_t digest[32]) {
    eseg_sha256 hash;
    eseg_sha256_init(&hash);
    hash.blocks = blocks;
    while (count > 0) {
        const size_t piece = (size_t)between(t, 0, (int)count);
        eseg_sha256_update(&hash, bytes, piece);
        bytes += piece;
        count -= piece;
    }
    eseg_sha256_final(&hash, digest);
}

/// FIPS 180-4's example of two blocks.
static void check_example(test_case *t, eseg_sha256_blocks blocks, uint8_t *digest, uint8_t *expected) {
    static const char text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    static const uint8_t known[32] = {0x24, 0x8d, 0x6a, 0x61, 0xd2, 0x06, 0x38, 0xb8, 0xe5, 0xc0, 0x26, 0x93, 0x0c, 0x3e, 0x60, 0x39,
                                      0xa3, 0x3c, 0xe4, 0x59, 0x64, 0xff, 0x21, 0x67, 0xf6, 0xec, 0xed, 0xd4, 0x19, 0xdb, 0x06, 0xc1};
    memcpy(expected, known, sizeof known);
    digest_in_pieces(t, blocks, (const uint8_t *)text, sizeof text - 1, digest);
}

void check_sha256(test_case *t) {
    const size_t count = (size_t)between(t, 0, one_in(t, 10) ? 5000 : 300);
    const uint8_t *bytes = take(t, count);
    const int example = one_in(t, 10), scalar = one_in(t, 2);
    const outputs o = take_outputs(t, 32);
    const eseg_sha256_blocks blocks = scalar ? eseg_sha256_blocks_scalar : eseg_sha256_best_blocks();
    describe(t, "%zu bytes%s%s", count, scalar ? ", scalar" : "", example ? ", example" : "");
    if (example) {
        check_example(t, blocks, o.actual, o.expected);
    } else {
        eseg_sha256 hash;
        eseg_sha256_init(&hash);
        hash.blocks = eseg_sha256_blocks_scalar;
        eseg_sha256_update(&hash, bytes, count);
        eseg_sha256_final(&hash, o.expected);
        digest_in_pieces(t, blocks, bytes, count, o.actual);
    }
    expect_equal(t, &o, 32);
}
