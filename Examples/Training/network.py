"""ESeg (arXiv 2203.12683) in PyTorch: EfficientNet backbone, pyramid P2..P9, BiFPN, one fused map at a quarter of the size, a head.

The modules' names are the names of the tensors in a weight file, so they are the format that `eseg` reads.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

# EfficientNet-B0's stages: expansion, kernel, stride, repeats, channels, and whether the output is one of C2..C5.
STAGES = (
    (1, 3, 1, 1, 16, False), (6, 3, 2, 2, 24, True), (6, 5, 2, 2, 40, True), (6, 3, 2, 3, 80, False),
    (6, 5, 1, 3, 112, True), (6, 5, 2, 4, 192, False), (6, 3, 1, 1, 320, True),
)
ACTIVATIONS = {"relu": nn.ReLU, "relu6": nn.ReLU6, "silu": nn.SiLU, "hard_swish": nn.Hardswish}


class ConvBN(nn.Sequential):
    """Convolution, batch normalization and, if named, an activation."""

    def __init__(self, inputs, outputs, kernel=1, stride=1, groups=1, bias=False, activation=None):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=bias)
        self.bn = batch_norm(outputs)
        if activation:
            self.act = ACTIVATIONS[activation](inplace=True)


class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed):
        super().__init__()
        self.reduce = nn.Conv2d(channels, squeezed, 1)
        self.expand = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x):
        return x * self.expand(F.silu(self.reduce(x.mean((2, 3), keepdim=True)))).sigmoid()


class Block(nn.Sequential):
    """An inverted residual block; what it holds run in turn, and where the shapes allow it the input is added."""

    def __init__(self, config, inputs, outputs, expansion, kernel, stride):
        super().__init__()
        self.is_residual = stride == 1 and inputs == outputs
        middle, act = inputs * expansion, config.activation
        if config.block == "fused" and expansion == 1:
            self.conv = ConvBN(inputs, outputs, kernel, stride, activation=act)
            return
        if config.block == "fused":
            self.expand = ConvBN(inputs, middle, kernel, stride, activation=act)
        else:
            if expansion > 1:
                self.expand = ConvBN(inputs, middle, activation=act)
            self.depthwise = ConvBN(middle, middle, kernel, stride, groups=middle, activation=act)
            if config.squeeze_excite:
                self.se = SqueezeExcite(middle, max(1, inputs // 4))
        self.project = ConvBN(middle, outputs)

    def forward(self, x):
        return x + super().forward(x) if self.is_residual else super().forward(x)


class Backbone(nn.Module):
    """Image to C2..C5, of `channels` channels."""

    def __init__(self, config):
        super().__init__()
        inputs = 32 if config.lite_scaling else scaled_channels(32, config.width)
        self.stem = ConvBN(3, inputs, 3, 2, activation=config.activation)
        self.stages, self.channels = nn.ModuleList(), []
        for index, (expansion, kernel, stride, repeats, channels, is_level) in enumerate(STAGES):
            outputs = scaled_channels(channels, config.width)
            if not (config.lite_scaling and index in (0, len(STAGES) - 1)):
                repeats = math.ceil(repeats * config.depth)
            kernel = 3 if config.force_kernel3 else kernel
            blocks = [Block(config, inputs, outputs, expansion, kernel, stride)]
            blocks += [Block(config, outputs, outputs, expansion, kernel, 1) for _ in range(repeats - 1)]
            self.stages.append(nn.Sequential(*blocks))
            self.channels += [outputs] if is_level else []
            inputs = outputs

    def forward(self, x):
        x, levels = self.stem(x), []
        for stage, (*_, is_level) in zip(self.stages, STAGES):
            x = stage(x)
            levels += [x] if is_level else []
        return levels


class SeparableConv(nn.Sequential):
    def __init__(self, channels):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False)
        self.pointwise = nn.Conv2d(channels, channels, 1)
        self.bn = batch_norm(channels)


class FusionNode(nn.Module):
    """Maps of one size, summed with learned weights that are positive and normalized (EfficientDet, arXiv 1911.09070, 3.3)."""

    def __init__(self, config, inputs):
        super().__init__()
        self.weights = nn.Parameter(torch.ones(inputs))
        self.act = ACTIVATIONS[config.activation](inplace=True)
        self.conv = SeparableConv(config.fpn_channels)

    def forward(self, *maps):
        weights = self.weights.relu()
        weights = weights / (weights.sum() + 1e-4)
        return self.conv(self.act(sum(weight * x for weight, x in zip(weights, maps))))


class BiFPNCell(nn.Module):
    """One pass down and up the pyramid. A level of another width goes through a 1x1 convolution, one for each of its uses."""

    def __init__(self, config, widths):
        super().__init__()
        channels, top = config.fpn_channels, len(widths) - 1

        def lateral(width):
            return nn.Identity() if width == channels else ConvBN(width, channels, bias=True)

        self.lateral = nn.ModuleList(lateral(width) for width in widths)
        self.lateral2 = nn.ModuleList(lateral(width) if 0 < i < top else nn.Identity() for i, width in enumerate(widths))
        self.top_down = nn.ModuleList(FusionNode(config, 2) for _ in range(top))
        self.bottom_up = nn.ModuleList(FusionNode(config, 3 if i < top else 2) for i in range(1, top + 1))

    def forward(self, levels):
        laterals = [lateral(x) for lateral, x in zip(self.lateral, levels)]
        down = laterals[:]
        for i in reversed(range(len(levels) - 1)):
            down[i] = self.top_down[i](laterals[i], upsample(down[i + 1], laterals[i]))
        out = [down[0]]
        for i in range(1, len(levels) - 1):
            out.append(self.bottom_up[i - 1](self.lateral2[i](levels[i]), down[i], downsample(out[-1])))
        return out + [self.bottom_up[-1](laterals[-1], downsample(out[-1]))]


class ESeg(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        channels, levels = config.fpn_channels, config.max_level - config.min_level + 1
        self.backbone = Backbone(config)
        self.p6 = ConvBN(self.backbone.channels[-1], channels, bias=True)
        widths = self.backbone.channels + [channels] * (levels - len(self.backbone.channels))
        self.bifpn = nn.ModuleList(BiFPNCell(config, [channels] * levels if i else widths) for i in range(config.fpn_repeats))
        self.fusion = nn.Parameter(torch.zeros(levels, channels))
        self.head = SeparableConv(channels)
        self.act = ACTIVATIONS[config.activation](inplace=True)
        self.classifier = nn.Conv2d(channels, config.classes, 1)
        self.register_buffer("mean", 255 * torch.tensor(config.mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", 255 * torch.tensor(config.std).view(1, 3, 1, 1), persistent=False)
        self.apply(initialize)

    def forward(self, pixels):
        """Logits [N, classes, H/4, W/4] of RGB pixels [N, 3, H, W] in 0...255."""
        levels = self.backbone((pixels - self.mean) / self.std)
        levels.append(downsample(self.p6(levels[-1])))
        while len(levels) < len(self.fusion):
            levels.append(downsample(levels[-1]))
        for cell in self.bifpn:
            levels = cell(levels)
        return self.classifier(self.act(self.head(self.fused(levels))))

    def fused(self, levels):
        """All levels upsampled to P2 and summed, weighted by a softmax over levels, channel by channel."""
        weights = self.fusion.softmax(0)[:, :, None, None]
        y = weights[-1] * levels[-1]
        for weight, x in zip(reversed(weights[:-1]), reversed(levels[:-1])):
            y = weight * x + upsample(y, x)
        return y


def upsampled_logits(logits, size):
    """Logits at the image's size (height, width), in float32: what argmax and the loss are taken of."""
    return F.interpolate(logits.float(), size=tuple(size), mode="bilinear", align_corners=False)


def scaled_channels(channels, width):
    """`channels` x `width` to the nearest multiple of 8, never below 90 % of it."""
    exact = channels * width
    rounded = max(8, int(exact + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * exact else rounded


def batch_norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.03)


def downsample(x):
    return F.max_pool2d(x, 3, 2, 1)


def upsample(x, like):
    return F.interpolate(x, size=like.shape[-2:], mode="nearest")


def initialize(module):
    """He's initialization by outputs, as EfficientNet's."""
    if isinstance(module, nn.Conv2d):
        fan_out = module.kernel_size[0] * module.kernel_size[1] * module.out_channels // module.groups
        nn.init.normal_(module.weight, std=math.sqrt(2 / fan_out))
        if module.bias is not None:
            nn.init.zeros_(module.bias)
