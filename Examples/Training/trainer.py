"""A training run: what it learns from, what it learns, and how far it has come."""
import copy
import io
import math
import os
import sys
import time
import warnings
from pathlib import Path

import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader

from accuracy import measured
from config import InputError
from frames import IGNORED, Augmentation, Frames, checked, collated
from network import ESeg, upsampled_logits
from weights import save_weights, start_from, stored_tensors, write_file

# A step whose float16 gradients overflow is left out, which the scheduler takes for a step in the wrong order.
warnings.filterwarnings("ignore", r"Detected call of `lr_scheduler\.step\(\)`")

STATEFUL = ("model", "average", "optimizer", "scheduler", "scaler")


class Trainer:
    """Trains on `options.data`, measures on `options.val`, and keeps weights, state and log in `options.output`. Raises InputError."""

    def __init__(self, options, config, class_names):
        self.options, self.config, self.class_names = options, config, class_names
        self.device = chosen_device(options.device)
        self.precision = chosen_precision(options.precision, self.device)
        self.training, self.validation = self.data_sets()
        self.class_weights = class_weights(self.training).to(self.device) if options.class_weights else None
        torch.manual_seed(options.seed)
        torch.backends.cudnn.benchmark = True
        torch.set_float32_matmul_precision("high")

        model = ESeg(config)
        if options.init and not options.resume:
            report_start(options.init, model, start_from(model, options.init))
        self.model = model.to(self.device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.model).eval()
        self.steps = len(self.training) // options.batch
        self.optimizer = torch.optim.AdamW(parameter_groups(self.model, options))
        self.scheduler = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self.rate)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=self.precision == torch.float16)
        self.epoch, self.best = 0, None
        folder = Path(options.output)
        self.weights_path, self.state_path, self.log_path = folder / "weights.safetensors", folder / "state.pt", folder / "log.txt"
        self.open_output()

    def data_sets(self):
        options, count = self.options, len(self.class_names)
        training = Frames(options.data, count, options.size, seed=options.seed)
        crop = options.crop or tuple(min(768, side) for side in training.frame_size())
        training.augmentation = Augmentation(crop, options.scale, options.flip, options.jitter)
        if len(training) < options.batch:
            raise InputError.of(options.data, f"{len(training)} labeled frames", f"at least {options.batch}, one --batch")
        validation = Frames(options.val, count, options.size) if options.val else None
        for folder, frames in ((options.data, training), (options.val, validation)):
            if frames and frames.unlabeled:
                print(f"{folder}: {frames.unlabeled} frames have no labels and are left out")
        return training, validation

    def open_output(self):
        """Makes the output folder and resumes the run in it, or makes sure that there is none."""
        if self.options.resume:
            self.load()
        elif self.state_path.exists():
            raise InputError.of(self.state_path, "a run", "an empty folder, or --resume to continue that run")
        self.state_path.parent.mkdir(parents=True, exist_ok=True)

    def run(self):
        size = sum(parameter.numel() for parameter in self.model.parameters())
        width, height = self.training.augmentation.crop
        self.say(f"{self.config.name}: {size / 1e6:.2f} M parameters, {len(self.class_names)} classes, {len(self.training)} frames, "
                 f"crops of {width}x{height}, {self.device}, {str(self.precision).removeprefix('torch.')}")
        epochs = self.options.epochs
        last = min(epochs, self.epoch + (self.options.stop_after or epochs))
        while self.epoch < last:
            line = self.train_epoch()
            self.epoch += 1
            if not self.validation:
                save_weights(self.weights_path, self.average, self.class_names)
            elif self.epoch % self.options.val_every == 0 or self.epoch == epochs:
                line += self.validate()
            self.save()
            self.say(line)
        if self.best:
            self.say(f"epoch {self.best['epoch']} was the best: mIoU {100 * self.best['mIoU']:.2f} %")
            for name, iou in zip(self.class_names, self.best["iou"]):
                self.say(f"  {name:<20} " + ("no labels" if iou is None else f"{100 * iou:6.2f} %"))

    def train_epoch(self):
        """One pass over the frames; returns what is to be said about it."""
        title, start = f"epoch {self.epoch + 1}/{self.options.epochs}", time.monotonic()
        self.model.train()
        self.training.epoch = self.epoch
        order = torch.Generator().manual_seed(self.options.seed + (self.epoch << 32))
        total, progress = torch.zeros((), device=self.device), Progress(title, self.steps)
        for step, batch in enumerate(self.batches(self.training, self.options.batch, shuffle=True, drop_last=True, generator=order), 1):
            total += self.step(*batch)
            progress.show(step, lambda: f"loss {total.item() / step:.4f}")
        loss = total.item() / self.steps
        if not math.isfinite(loss):
            raise InputError.of(title, f"a loss of {loss}", "a finite one: lower --lr, or give --precision float32")
        rate = self.steps * self.options.batch / (time.monotonic() - start)
        return f"{title}  loss {loss:.4f}  lr {self.scheduler.get_last_lr()[-1]:.1e}  {rate:.1f} frames/s"

    def step(self, pixels, labels):
        """Learns from a batch; returns its loss."""
        pixels, labels = pixels.to(self.device, non_blocking=True), labels.to(self.device, non_blocking=True)
        with torch.autocast(self.device.type, self.precision, enabled=self.precision != torch.float32):
            logits = self.model(pixels.float().contiguous(memory_format=torch.channels_last))
        logits = upsampled_logits(logits, labels.shape[1:])
        losses = F.cross_entropy(logits, labels, self.class_weights, ignore_index=IGNORED, reduction="sum")
        loss = losses / (labels != IGNORED).sum().clamp(min=1)
        self.optimizer.zero_grad()
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.scheduler.step()
        self.update_average()
        return loss.detach()

    @torch.no_grad()
    def update_average(self):
        """Moves the average toward the model: faster in the first steps, of which little is worth keeping."""
        step = self.scheduler.last_epoch
        decay = min(self.options.ema, (1 + step) / (10 + step))
        for mean, value in zip(self.average.state_dict().values(), self.model.state_dict().values()):
            mean.lerp_(value, 1 - decay) if mean.is_floating_point() else mean.copy_(value)

    def rate(self, step):
        """A step's learning rate as a share of the peak."""
        total = self.options.epochs * self.steps
        warmup, done = min(self.options.warmup, total // 10), min(1, step / total)
        fall = 0.5 * (1 + math.cos(math.pi * done)) if self.options.schedule == "cosine" else (1 - done) ** 0.9
        return min(1, (step + 1) / (warmup + 1)) * max(0.01, fall)

    def validate(self):
        """Measures the average, writes it if it is the best so far, and returns what is to be said about it."""
        progress = Progress("measuring", len(self.validation))
        accuracy = measured(self.average, progress.counting(self.batches(self.validation, 1)), self.device)
        if not accuracy:
            raise InputError.of(self.options.val, "no pixel with a class", f"labels below {len(self.class_names)}")
        if not self.best or accuracy.mean_iou > self.best["mIoU"]:
            self.best = {"mIoU": accuracy.mean_iou, "epoch": self.epoch, "iou": accuracy.iou}
            save_weights(self.weights_path, self.average, self.class_names)
        return f"  mIoU {100 * accuracy.mean_iou:.2f} %  pixel accuracy {100 * accuracy.pixels:.2f} %"

    def batches(self, frames, size, **settings):
        on_gpu = self.device.type != "cpu"
        workers = self.options.workers
        if workers is None:
            workers = min(8, os.cpu_count() or 1) if on_gpu else 0
        return checked(DataLoader(frames, size, num_workers=workers, pin_memory=on_gpu, collate_fn=collated, **settings))

    def save(self):
        state = {name: getattr(self, name).state_dict() for name in STATEFUL}
        content = io.BytesIO()
        torch.save({**state, "epoch": self.epoch, "best": self.best, "run": self.identity()}, content)
        write_file(self.state_path, content.getbuffer())

    def load(self):
        expected = "the state of a run to resume"
        try:
            state = torch.load(self.state_path, map_location=self.device, weights_only=True)
        except FileNotFoundError:
            raise InputError.of(self.state_path, "no file", expected) from None
        except Exception:       # PyTorch has no narrower error for what is not its file
            raise InputError.of(self.state_path, "another kind of file", expected) from None
        if not isinstance(state, dict) or not {*STATEFUL, "epoch", "best", "run"} <= state.keys():
            raise InputError.of(self.state_path, "something else", expected)
        for name, value in self.identity().items():
            if state["run"].get(name) != value:
                raise InputError.of(f"{self.state_path}: {name}", state["run"].get(name), value)
        for name in STATEFUL:
            getattr(self, name).load_state_dict(state[name])
        self.epoch, self.best = state["epoch"], state["best"]

    def identity(self):
        """What must stay as it is when a run is resumed."""
        return {"config": repr(self.config), "classes": self.class_names, "epochs": self.options.epochs, "steps an epoch": self.steps}

    def say(self, line):
        print(line, flush=True)
        with open(self.log_path, "a") as log:
            print(line, file=log)


class Progress:
    """A line that is redrawn while work is done, on terminals only."""

    def __init__(self, title, total):
        self.title, self.total, self.start, self.shown = title, total, time.monotonic(), 0

    def show(self, done, details=str):
        now = time.monotonic()
        if sys.stdout.isatty() and (now - self.shown > 0.5 or done == self.total):
            self.shown, left = now, (now - self.start) / done * (self.total - done)
            line = f"{self.title}  {done}/{self.total}  {details()}  {left:.0f} s left"
            print(f"\r\033[K{line if done < self.total else ''}", end="", flush=True)

    def counting(self, items):
        for done, item in enumerate(items, 1):
            yield item
            self.show(done)


def report_start(path, model, missing):
    """Says which modules a start from other weights leaves as they were."""
    def module(name):
        parts = name.split(".")
        return ".".join(parts[:4] if parts[0] == "backbone" else parts[:1])

    fresh = ", ".join(sorted(set(map(module, missing)))) or "nothing"
    print(f"{path}: {len(stored_tensors(model)) - len(missing)} tensors taken; initialized at random: {fresh}")


def parameter_groups(model, options):
    """The backbone and the rest have their own rates; only convolutions' weights decay."""
    groups = []
    for in_backbone in (True, False):
        for decays in (True, False):
            chosen = [p for name, p in model.named_parameters() if name.startswith("backbone.") == in_backbone and (p.ndim == 4) == decays]
            rate = options.lr * (options.backbone_lr if in_backbone else 1)
            groups.append({"params": chosen, "lr": rate, "weight_decay": options.weight_decay if decays else 0.0})
    return groups


def class_weights(frames):
    """A weight for each class: at most ten times the median class's, 1 on average over the pixels."""
    counts = frames.pixels_per_class().double()
    if counts.sum() == 0:
        raise InputError.of("--class-weights", "no pixel with a class", f"labels below {frames.classes}")
    weights = (counts[counts > 0].median() / counts.clamp(min=1)).sqrt().clamp(max=10)
    return (weights * counts.sum() / (weights * counts).sum()).float()


def chosen_device(name):
    try:
        return torch.zeros((), device=name).device
    except (RuntimeError, AssertionError) as error:
        raise InputError.of(f"--device {name}", str(error).splitlines()[0], "a device that PyTorch can use here") from None


def chosen_precision(name, device):
    if name != "auto":
        return getattr(torch, name)
    if device.type != "cuda":
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
