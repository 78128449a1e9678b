"""The options of train.py."""
import argparse
import math

import torch

from config import CONFIGS


def parse_options(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA", help="training frames")
    parser.add_argument("-o", "--output", metavar="DIR", required=True, help="folder for the weights, the state and a log; made if missing")
    parser.add_argument("--val", metavar="DATA", help="frames to measure on: the weights written are the best so far, not the latest")
    parser.add_argument("--config", default="eseg-edge", metavar="CONFIG",
                        help=f"{', '.join(CONFIGS)}, or a JSON file with a config's fields (default: %(default)s)")
    parser.add_argument("--classes", metavar="FILE", help="names of the classes, one a line (default: classes.txt in DATA)")
    parser.add_argument("--init", metavar="FILE", help="start from what fits of other weights: an ESeg's or a timm EfficientNet's")
    parser.add_argument("--resume", action="store_true", help="continue the run in DIR; give the same options again")
    add_schedule(parser.add_argument_group("schedule"))
    add_frames(parser.add_argument_group("frames"))
    add_machine(parser.add_argument_group("machine"))
    options = parser.parse_args()
    if options.scale[0] > options.scale[1]:
        parser.error("argument --scale: found %g %g, expected the least first" % tuple(options.scale))
    return options


def add_schedule(group):
    default = "(default: %(default)s)"
    group.add_argument("--epochs", type=number(int, 1), default=100, metavar="N", help=default)
    group.add_argument("--stop-after", type=number(int, 1), metavar="N", help="stop after this many epochs, to be resumed later")
    group.add_argument("--val-every", type=number(int, 1), default=1, metavar="N", help=f"epochs between measurements {default}")
    group.add_argument("--batch", type=number(int, 2), default=8, metavar="N", help=f"frames a step {default}")
    group.add_argument("--lr", type=number(float, 1e-9, 10), default=2e-3, metavar="X", help=f"AdamW's peak learning rate {default}")
    group.add_argument("--backbone-lr", type=number(float, 0, 10), default=1.0, metavar="X",
                       help=f"the backbone's share of it; 0.25 suits --init {default}")
    group.add_argument("--schedule", choices=("cosine", "poly"), default="cosine", help=f"how the rate falls {default}")
    group.add_argument("--warmup", type=number(int, 0), default=100, metavar="N",
                       help=f"steps in which the rate rises, at most a tenth of all {default}")
    group.add_argument("--weight-decay", type=number(float, 0, 10), default=1e-2, metavar="X", help=f"of convolutions {default}")
    group.add_argument("--ema", type=number(float, 0, 0.99999), default=0.998, metavar="X",
                       help=f"decay of the weights' moving average, which is what is measured and written; 0 for none {default}")
    group.add_argument("--class-weights", action="store_true",
                       help="rare classes count more: by the root of the median share of pixels over their own")


def add_frames(group):
    default = "(default: %(default)s)"
    group.add_argument("--size", type=size, metavar="WxH",
                       help="resize all frames first, as eseg's --size does (default: each frame's own size)")
    group.add_argument("--crop", type=size, metavar="WxH", help="piece to train on (default: the first frame's size, at most 768 a side)")
    group.add_argument("--scale", type=number(float, 0.05, 20), nargs=2, default=(0.5, 2.0), metavar="X",
                       help="least and greatest random scale (default: 0.5 2)")
    group.add_argument("--jitter", type=number(float, 0, 1), default=0.3, metavar="X",
                       help=f"random change of brightness, contrast and saturation {default}")
    group.add_argument("--flip", action=argparse.BooleanOptionalAction, default=True,
                       help="mirror at random; not where left and right are classes")


def add_machine(group):
    default = "(default: %(default)s)"
    group.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help=f"cuda, cuda:1, cpu {default}")
    group.add_argument("--precision", choices=("auto", "float32", "bfloat16", "float16"), default="auto",
                       help=f"auto is mixed precision on a GPU and float32 elsewhere {default}")
    group.add_argument("--workers", type=number(int, 0), metavar="N", help="processes that read frames (default: a GPU's 8, a CPU's 0)")
    group.add_argument("--seed", type=number(int, 0, 2**31 - 1), default=1, metavar="N", help=default)


def number(kind, low, high=1_000_000):
    """A parser of numbers in a range."""
    def parse(text):
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"found {text}, expected {'an integer' if kind is int else 'a number'} from {low} to {high}")
        return value
    return parse


def size(text):
    sides = text.split("x")
    if len(sides) != 2 or not all(side.isdecimal() and 32 <= int(side) <= 8192 for side in sides):
        raise argparse.ArgumentTypeError(f"found {text}, expected WxH, each from 32 to 8192")
    return tuple(map(int, sides))
