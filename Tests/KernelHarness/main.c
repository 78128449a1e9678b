// Compares every kernel of every instruction set with the scalar one, and the operations built from them with naive arithmetic, over random
// shapes; the results must be the same bytes.

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "avxvnni_evex.h"
#include "harness.h"

static const operation operations[] = {
    {"s8_conv_row", check_s8_conv_row, bench_s8_conv_row, 0},
    {"s8_depthwise_row", check_s8_depthwise_row, bench_s8_depthwise_row, 0},
    {"s8_fusion_row", check_s8_fusion_row, bench_s8_fusion_row, 0},
    {"s8_copy_row", check_s8_copy_row, bench_s8_copy_row, 0},
    {"s8_pool_row", check_s8_pool_row, bench_s8_pool_row, 0},
    {"s8_sum_row", check_s8_sum_row, bench_s8_sum_row, 0},
    {"s8_gate_row", check_s8_gate_row, bench_s8_gate_row, 0},
    {"s8_affine_row", check_s8_affine_row, bench_s8_affine_row, 0},
    {"s8_argmax_row", check_s8_argmax_row, bench_s8_argmax_row, 0},
    {"s8_class_row", check_s8_class_row, bench_s8_class_row, 0},
    {"s8_shuffle_row", check_s8_shuffle_row, NULL, 0},
    {"s16_conv_row", check_s16_conv_row, NULL, 0},
    {"s16_depthwise_row", check_s16_depthwise_row, NULL, 0},
    {"s16_depthwise_taps_row", check_s16_depthwise_taps_row, NULL, 0},
    {"s16_add_row", check_s16_add_row, NULL, 0},
    {"s16_store", check_s16_store, NULL, 0},
    {"s16_widen", check_s16_widen, NULL, 0},
    {"s16_pool_row", check_s16_pool_row, NULL, 0},
    {"s16_sum_row", check_s16_sum_row, NULL, 0},
    {"s16_mean_pixel", check_s16_mean_pixel, NULL, 0},
    {"s16_product_row", check_s16_product_row, NULL, 0},
    {"s16_blend", check_s16_blend, NULL, 0},
    {"s16_blend_row", check_s16_blend_row, NULL, 0},
    {"s8_conv_run", check_s8_conv_run, NULL, 1},
    {"s8_depthwise_run", check_s8_depthwise_run, NULL, 1},
    {"s8_fusion_run", check_s8_fusion_run, NULL, 1},
    {"s8_gate_run", check_s8_gate_run, NULL, 1},
    {"s8_block_run", check_s8_block_run, NULL, 1},
    {"s8_affine_run", check_s8_affine_run, NULL, 1},
    {"s8_pool_run", check_s8_pool_run, NULL, 1},
    {"s8_argmax_run", check_s8_argmax_run, NULL, 1},
    {"s16_conv_run", check_s16_conv_run, NULL, 1},
    {"s16_bilinear_run", check_s16_bilinear_run, NULL, 1},
    {"s16_mean_run", check_s16_mean_run, NULL, 1},
    {"s16_product_run", check_s16_product_run, NULL, 1},
    {"s16_fusion_run", check_s16_fusion_run, NULL, 1},
    {"s16_gate_run", check_s16_gate_run, NULL, 1},
    {"s16_pool_run", check_s16_pool_run, NULL, 1},
    {"s16_concat_run", check_s16_concat_run, NULL, 1},
    {"s16_softmax_run", check_s16_softmax_run, NULL, 1},
    {"channel_max_run", check_channel_max_run, NULL, 1},
    {"max_pool_run", check_max_pool_run, NULL, 1},
    {"concat_copy", check_concat_copy, NULL, 1},
    {"select_run", check_select_run, NULL, 1},
    {"depth_to_space_run", check_depth_to_space_run, NULL, 1},
    {"sha256", check_sha256, NULL, 1},
    {"s8_peak", NULL, bench_s8_peak, 0},
};
enum { OPERATIONS = sizeof operations / sizeof operations[0] };

typedef struct options {
    uint64_t seed;
    int rounds;
    const char *isa, *kernel;  // NULL: all
    int bench;
} options;

typedef struct totals {
    int passed, failed, skipped;
} totals;

static void usage(FILE *to) {
    fprintf(to, "usage: KernelHarness [--seed N] [--rounds N] [--isa NAME] [--kernel NAME] [--bench]\n");
    fprintf(to, "instruction sets:");
    for (int isa = 0; isa < ESEG_ISA_COUNT; ++isa) fprintf(to, " %s", eseg_isa_name((eseg_isa)isa));
    fprintf(to, "\nkernels:");
    for (int i = 0; i < OPERATIONS; ++i) fprintf(to, " %s", operations[i].name);
    fprintf(to, "\n");
}

_Noreturn static void refuse(const char *option, const char *value, const char *expected) {
    fprintf(stderr, "KernelHarness: %s: found '%s', expected %s\n", option, value ? value : "nothing", expected);
    exit(2);
}

static uint64_t parse_count(const char *option, const char *value, uint64_t least, uint64_t most) {
    char *end = NULL;
    errno = 0;
    const uint64_t count = value && *value >= '0' && *value <= '9' ? strtoull(value, &end, 10) : 0;
    if (!end || *end || errno || count < least || count > most) refuse(option, value, "a whole number in range");
    return count;
}

static int is_isa(const char *name) {
    for (int isa = 0; name && isa < ESEG_ISA_COUNT; ++isa)
        if (strcmp(name, eseg_isa_name((eseg_isa)isa)) == 0) return 1;
    return 0;
}

static int is_kernel(const char *name) {
    for (int i = 0; name && i < OPERATIONS; ++i)
        if (strcmp(name, operations[i].name) == 0) return 1;
    return 0;
}

static options parse(int count, char **arguments) {
    options o = {.seed = 1, .rounds = 1000};
    for (int i = 1; i < count; ++i) {
        const char *option = arguments[i], *value = i + 1 < count ? arguments[i + 1] : NULL;
        if (strcmp(option, "--help") == 0) {
            usage(stdout);
            exit(0);
        } else if (strcmp(option, "--bench") == 0) {
            o.bench = 1;
            continue;
        } else if (strcmp(option, "--seed") == 0) {
            o.seed = parse_count(option, value, 0, UINT64_MAX);
        } else if (strcmp(option, "--rounds") == 0) {
            o.rounds = (int)parse_count(option, value, 1, INT32_MAX);
        } else if (strcmp(option, "--isa") == 0) {
            if (!is_isa(value)) refuse(option, value, "an instruction set (see --help)");
            o.isa = value;
        } else if (strcmp(option, "--kernel") == 0) {
            if (!is_kernel(value)) refuse(option, value, "a kernel (see --help)");
            o.kernel = value;
        } else {
            usage(stderr);
            refuse("command line", option, "an option");
        }
        ++i;
    }
    return o;
}

static int selected(const char *filter, const char *name) { return !filter || strcmp(filter, name) == 0; }

/// The same for every instruction set and every choice of kernels.
static uint64_t case_seed(uint64_t seed, const char *name, int round) {
    uint64_t hash = 0xcbf29ce484222325 ^ seed;
    for (; *name; ++name) hash = (hash ^ (uint8_t)*name) * 0x100000001b3;
    return (hash ^ (uint64_t)round) * 0x9e3779b97f4a7c15;
}

static void release(test_case *t) {
    for (int i = 0; i < t->owned_count; ++i) free(t->owned[i]);
    t->owned_count = 0;
}

/// The kernels that cases of `isa` run; NULL where this CPU cannot.
static const eseg_kernels *kernels_under_test(eseg_isa isa) {
    if (eseg_isa_supported(isa)) return eseg_kernels_for(isa);
    return isa == ESEG_ISA_AVXVNNI ? avxvnni_evex() : NULL;
}

static void check(const operation *operation, eseg_isa isa, const options *o, totals *sum) {
    const char *name = eseg_isa_name(isa);
    const eseg_kernels *kernels = kernels_under_test(isa);
    printf("%s %s: ", operation->name, name);
    if (!kernels) {
        printf("skipped: this CPU lacks %s\n", name);
        ++sum->skipped;
        return;
    }
    if (kernels->isa != isa) {
        printf("FAILED: found the kernels for %s\n", eseg_isa_name(kernels->isa));
        ++sum->failed;
        return;
    }
    for (int round = 0; round < o->rounds; ++round) {
        test_case t = {.kernels = kernels, .random = case_seed(o->seed, operation->name, round)};
        operation->check(&t);
        release(&t);
        if (!t.fault[0]) continue;
        printf("FAILED in case %d of seed %llu\n  %s\n  %s\n", round, (unsigned long long)o->seed, t.shape, t.fault);
        ++sum->failed;
        return;
    }
    printf("%d cases ok%s\n", o->rounds, eseg_isa_supported(isa) ? "" : ", in instructions of avx512vnni");
    fflush(stdout);
    ++sum->passed;
}

static int run_checks(const options *o) {
    totals sum = {0};
    printf("seed %llu\n", (unsigned long long)o->seed);
    sum.failed = check_variants();
    for (int i = 0; i < OPERATIONS; ++i)
        for (int isa = operations[i].scalar_too ? ESEG_ISA_SCALAR : ESEG_ISA_SCALAR + 1; isa < ESEG_ISA_COUNT; ++isa)
            if (operations[i].check && selected(o->kernel, operations[i].name) && selected(o->isa, eseg_isa_name((eseg_isa)isa)))
                check(&operations[i], (eseg_isa)isa, o, &sum);
    printf("%d passed, %d failed", sum.passed, sum.failed);
    if (sum.skipped) printf(", %d skipped", sum.skipped);
    printf("\n");
    return sum.failed ? 1 : 0;
}

static int run_bench(const options *o) {
    for (int i = 0; i < OPERATIONS; ++i) {
        if (!operations[i].bench || !selected(o->kernel, operations[i].name)) continue;
        bench b = {.kernel = operations[i].name, .memory = {.kernels = eseg_kernels_for(ESEG_ISA_SCALAR), .random = o->seed}};
        for (int isa = 0; isa < ESEG_ISA_COUNT; ++isa)
            if (eseg_isa_supported((eseg_isa)isa) && (isa == ESEG_ISA_SCALAR || selected(o->isa, eseg_isa_name((eseg_isa)isa))))
                b.tables[b.table_count++] = eseg_kernels_for((eseg_isa)isa);
        operations[i].bench(&b);
        release(&b.memory);
    }
    return 0;
}

/// What LeakSanitizer asks a program: OpenMP's threads keep their memory until the process ends.
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libomp"; }

extern char **environ;

/// LLVM's parser of what OpenMP finds in the environment ends the program at some values, and does not end at others. Teams here have more
/// threads than there are CPUs: those that wait must not spin.
static void set_up_openmp(void) {
    static const char *const prefixes[] = {"OMP_", "KMP_", "GOMP_", "LIBOMP_"};
    char name[64];
    for (char **entry = environ; *entry;) {
        int found = 0;
        for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; ++i) found |= strncmp(*entry, prefixes[i], strlen(prefixes[i])) == 0;
        if (found && sscanf(*entry, "%63[^=]", name) == 1 && getenv(name)) unsetenv(name);
        else ++entry;
    }
    setenv("KMP_BLOCKTIME", "0", 1);
}

int main(int count, char **arguments) {
    set_up_openmp();
    const options o = parse(count, arguments);
    return o.bench ? run_bench(&o) : run_checks(&o);
}
