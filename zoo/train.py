"""Trains the vision zoo: the base, its two-shot heads and the four experts, and measures what merging them gives.

    python3 train.py --data .data/vision.safetensors.gz --out .data/trained [--seeds 5] [--lr 1e-3]

Every seed is a whole run of its own (base, heads, experts). All models that train at once are stacked along a
leading "model" axis and run as one batched network, because a network of 204,288 parameters cannot fill a GPU.
Plain f32, TF32 off. The files of one seed are written: the one with the median fall.
"""
import argparse, gzip, json, math, os, time

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import load as load_safetensors, save_file

DIM, DEPTH, HEADS, PATCH, SIDE = 64, 4, 4, 7, 28
TOKENS = (SIDE // PATCH) ** 2
TASKS = ["digits", "clothes", "capitals", "hiragana"]
STEPS = [20, 40, 80, 160, 320, 640, 1280, 2560]
SCALE = 12.0
LAMBDAS = [round(0.05 * i, 2) for i in range(41)]
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.use_deterministic_algorithms(True, warn_only=True)


# ---- the network, with a leading model axis M on every parameter and activation ----

def shapes():
    s = {"patch_embed.weight": (DIM, PATCH * PATCH), "patch_embed.bias": (DIM,), "pos_embed": (TOKENS, DIM)}
    for i in range(DEPTH):
        b = f"blocks.{i}."
        s |= {b + "norm1.weight": (DIM,), b + "norm1.bias": (DIM,)}
        s |= {b + "attn.qkv.weight": (3 * DIM, DIM), b + "attn.qkv.bias": (3 * DIM,)}
        s |= {b + "attn.proj.weight": (DIM, DIM), b + "attn.proj.bias": (DIM,)}
        s |= {b + "norm2.weight": (DIM,), b + "norm2.bias": (DIM,)}
        s |= {b + "mlp.fc1.weight": (4 * DIM, DIM), b + "mlp.fc1.bias": (4 * DIM,)}
        s |= {b + "mlp.fc2.weight": (DIM, 4 * DIM), b + "mlp.fc2.bias": (DIM,)}
    return s | {"norm.weight": (DIM,), "norm.bias": (DIM,)}


def initial(models, seed_of):
    """Linear layers as torch's own default (uniform, ±1/√fan-in), positions normal with σ .02."""
    out = {}
    for name, shape in shapes().items():
        stack = []
        for m in range(models):
            g = torch.Generator().manual_seed(seed_of(m) * 1009 + len(out))
            if name == "pos_embed":
                t = torch.randn(shape, generator=g) * 0.02
            elif "norm" in name:
                t = torch.ones(shape) if name.endswith("weight") else torch.zeros(shape)
            elif len(shape) == 2:
                t = (torch.rand(shape, generator=g) * 2 - 1) / math.sqrt(shape[1])
            else:
                fan = shapes()[name.replace("bias", "weight")][1]
                t = (torch.rand(shape, generator=g) * 2 - 1) / math.sqrt(fan)
            stack.append(t)
        out[name] = torch.stack(stack).to(DEVICE)
    return out


def linear(x, w, b):
    """x [M, R, in], w [M, out, in], b [M, out]."""
    return torch.baddbmm(b.unsqueeze(1), x, w.transpose(1, 2))


def layer_norm(x, w, b):
    return F.layer_norm(x, (DIM,), eps=1e-5) * w.unsqueeze(1) + b.unsqueeze(1)


def features(p, images):
    """images [M, B, 28, 28], already normalised → [M, B, 64]."""
    m, n = images.shape[:2]
    g = SIDE // PATCH
    x = images.reshape(m, n, g, PATCH, g, PATCH).permute(0, 1, 2, 4, 3, 5).reshape(m, n * TOKENS, PATCH * PATCH)
    x = linear(x, p["patch_embed.weight"], p["patch_embed.bias"])
    x = (x.view(m, n, TOKENS, DIM) + p["pos_embed"].unsqueeze(1)).view(m, n * TOKENS, DIM)
    for i in range(DEPTH):
        b = f"blocks.{i}."
        y = layer_norm(x, p[b + "norm1.weight"], p[b + "norm1.bias"])
        y = linear(y, p[b + "attn.qkv.weight"], p[b + "attn.qkv.bias"])
        q, k, v = y.view(m, n, TOKENS, 3, HEADS, DIM // HEADS).permute(3, 0, 1, 4, 2, 5)
        a = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(DIM // HEADS), -1)
        y = (a @ v).transpose(2, 3).reshape(m, n * TOKENS, DIM)
        x = x + linear(y, p[b + "attn.proj.weight"], p[b + "attn.proj.bias"])
        y = layer_norm(x, p[b + "norm2.weight"], p[b + "norm2.bias"])
        y = F.gelu(linear(y, p[b + "mlp.fc1.weight"], p[b + "mlp.fc1.bias"]))
        x = x + linear(y, p[b + "mlp.fc2.weight"], p[b + "mlp.fc2.bias"])
    x = layer_norm(x, p["norm.weight"], p["norm.bias"])
    return x.view(m, n, TOKENS, DIM).mean(2)


def logits_of(f, mu, w):
    """f [M, B, 64], mu [M, 64], w [M, C, 64]: the frozen cosine head."""
    f = f - mu.unsqueeze(1)
    f = f / f.norm(dim=-1, keepdim=True).clamp_min(1e-12)
    return SCALE * f @ w.transpose(1, 2)


def normalise(u8):
    return (u8.float() / 255 - 0.2) / 0.35


def stored(p):
    """The values as the files hold them: matrices in f16, vectors and positions in f32."""
    return {k: (v.half().float() if is_half(k) else v.clone()) for k, v in p.items()}


def is_half(name):
    return len(shapes()[name]) == 2 and name != "pos_embed"


def pick(p, index):
    return {k: v[index] for k, v in p.items()}


# ---- training ----

def epochs(rng, size, count):
    """`count` indices in shuffled passes over `size` rows."""
    passes = [rng.permutation(size) for _ in range(-(-count // size))]
    return np.concatenate(passes)[:count]


def random_affine(images, gen):
    """±12°, scale ±12 %, shift ±10 %, shear ±.15; images [M, B, 28, 28] in 0…255."""
    m, n = images.shape[:2]
    r = lambda: torch.rand(m * n, generator=gen, device=DEVICE) * 2 - 1
    angle, scale, shear = r() * math.radians(12), 1 + r() * 0.12, r() * 0.15
    dx, dy = r() * 0.2, r() * 0.2  # grid units: the side is 2 long
    c, s = torch.cos(angle) / scale, torch.sin(angle) / scale
    theta = torch.stack([torch.stack([c, c * shear - s, dx], -1), torch.stack([s, s * shear + c, dy], -1)], -2)
    flat = images.reshape(m * n, 1, SIDE, SIDE)
    grid = F.affine_grid(theta, flat.shape, align_corners=False)
    return F.grid_sample(flat, grid, align_corners=False).view(m, n, SIDE, SIDE)


def train_base(data, seeds, steps=2500, batch=512, lr=2e-3):
    images, labels = data["base.images"], data["base.labels"].long()
    held = data["base.held"].bool()
    rows = torch.where(~held)[0]
    classes, m = int(labels.max()) + 1, len(seeds)
    params = initial(m, lambda i: seeds[i] + 1)
    heads = [torch.randn(classes, DIM, generator=torch.Generator().manual_seed(s * 7 + 5)) for s in seeds]
    params["head.weight"] = torch.stack(heads).to(DEVICE) / math.sqrt(DIM)
    params["head.bias"] = torch.zeros(m, classes, device=DEVICE)
    order = np.stack([epochs(np.random.default_rng([s, 1]), len(rows), steps * batch) for s in seeds])
    order = rows[torch.from_numpy(order).to(DEVICE)]
    gen = torch.Generator(DEVICE).manual_seed(seeds[0] + 77)
    for p in params.values():
        p.requires_grad_(True)
    opt = torch.optim.AdamW(params.values(), lr=lr, weight_decay=0.05)
    for step in range(steps):
        for g in opt.param_groups:
            g["lr"] = lr * min(1, (step + 1) / 50) * 0.5 * (1 + math.cos(math.pi * step / steps))
        take = order[:, step * batch:(step + 1) * batch]
        x = normalise(random_affine(images[take].float(), gen))
        out = linear(features(params, x), params["head.weight"], params["head.bias"])
        loss = F.cross_entropy(out.flatten(0, 1), labels[take].flatten(), reduction="sum") / batch
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
    params = {k: v.detach() for k, v in params.items()}
    test = torch.where(held)[0]
    x = normalise(images[test]).expand(m, -1, -1, -1)
    right = linear(features(params, x), params["head.weight"], params["head.bias"]).argmax(-1) == labels[test]
    print("base, held-out glyphs:", [round(a, 4) for a in right.float().mean(1).tolist()], flush=True)
    return {k: v for k, v in params.items() if not k.startswith("head")}


def draw_heads(data, base, seed):
    """Two images a class among the few-shot rows of the training data → (mu, {task: W}, {task: row indices})."""
    one = pick(base, slice(0, 1))
    with torch.no_grad():
        total, count = torch.zeros(DIM, dtype=torch.float64, device=DEVICE), 0
        for t in TASKS:
            f = feature_rows(one, data[f"{t}.train.images"])
            total += f.double().sum(0)
            count += len(f)
        mu = (total / count).float()
        weights, chosen = {}, {}
        for k, t in enumerate(TASKS):
            labels = data[f"{t}.fewShot.labels"].cpu().numpy()
            rng = np.random.default_rng([seed, 2, k])
            rows = np.stack([rng.choice(np.where(labels == c)[0], 2, replace=False) for c in range(labels.max() + 1)])
            f = feature_rows(one, data[f"{t}.fewShot.images"])[torch.from_numpy(rows.ravel()).to(DEVICE)]
            w = F.normalize(f - mu, dim=-1).view(-1, 2, DIM).mean(1)
            weights[t], chosen[t] = F.normalize(w, dim=-1), rows.astype(np.int32)
    return mu, weights, chosen


def feature_rows(one, images, chunk=4096):
    return torch.cat([features(one, normalise(images[i:i + chunk]).unsqueeze(0))[0] for i in range(0, len(images), chunk)])


def pad_heads(ws, classes):
    out = torch.zeros(len(ws), classes, DIM, device=DEVICE)
    dead = torch.ones(len(ws), classes, dtype=torch.bool, device=DEVICE)
    for i, w in enumerate(ws):
        out[i, :len(w)] = w
        dead[i, :len(w)] = False
    return out, dead


def fine_tune(data, start, jobs, steps, keep, lr, batch=128, warmup=10):
    """jobs: [(task, mu, W, rng key)], one model each; start: their stacked base. Returns {step: params}."""
    m = len(jobs)
    params = {k: v.clone().requires_grad_(True) for k, v in start.items()}
    mu = torch.stack([j[1] for j in jobs])
    w, dead = pad_heads([j[2] for j in jobs], max(len(j[2]) for j in jobs))
    # One pool of all tasks' training images, so that one gather feeds every model.
    pool = torch.cat([data[f"{t}.train.images"] for t in TASKS])
    pool_labels = torch.cat([data[f"{t}.train.labels"] for t in TASKS]).long()
    sizes = [len(data[f"{t}.train.labels"]) for t in TASKS]
    first = dict(zip(TASKS, np.cumsum([0] + sizes[:-1])))
    order = np.stack([first[t] + epochs(np.random.default_rng(key), sizes[TASKS.index(t)], steps * batch)
                      for t, _, _, key in jobs])
    order = torch.from_numpy(order).to(DEVICE)
    opt = torch.optim.AdamW(params.values(), lr=lr, weight_decay=0.01)
    kept = {}
    for step in range(steps):
        for g in opt.param_groups:
            g["lr"] = lr * min(1, (step + 1) / warmup)
        take = order[:, step * batch:(step + 1) * batch]
        out = logits_of(features(params, normalise(pool[take])), mu, w).masked_fill(dead.unsqueeze(1), -1e9)
        loss = F.cross_entropy(out.flatten(0, 1), pool_labels[take].flatten(), reduction="sum") / batch
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        if step + 1 in keep:
            kept[step + 1] = stored({k: v.detach() for k, v in params.items()})
    return kept


# ---- measuring ----

@torch.no_grad()
def predict(p, mu, w, images, chunk=256):
    """Logits [M, n, C] of M models on the same images."""
    m = next(iter(p.values())).shape[0]
    mu, w = mu.expand(m, -1), w.expand(m, -1, -1)
    parts = []
    for i in range(0, len(images), chunk):
        x = normalise(images[i:i + chunk]).unsqueeze(0).expand(m, -1, -1, -1)
        parts.append(logits_of(features(p, x), mu, w))
    return torch.cat(parts, 1)


def right(p, head, data, task, split):
    """[M, n] of 0/1."""
    mu, ws, _ = head
    out = predict(p, mu.unsqueeze(0), ws[task].unsqueeze(0), data[f"{task}.{split}.images"])
    return (out.argmax(-1) == data[f"{task}.{split}.labels"].long()).cpu().numpy()


def measure(data, base, experts, head, seed):
    """base [1,…], experts {step: [4,…]} of one seed."""
    result = {"steps": STEPS, "expert": [], "average": [], "taskArithmeticBest": [], "taskArithmeticLambda": []}
    result["validation"] = []
    result["base"] = mean_accuracy([right(base, head, data, t, "test")[0] for t in TASKS])
    perTask = {"base": [float(right(base, head, data, t, "test").mean()) for t in TASKS], "expert": []}
    hits = []
    for step in STEPS:
        e = experts[step]
        own = [right(pick(e, slice(k, k + 1)), head, data, t, "test")[0] for k, t in enumerate(TASKS)]
        result["expert"].append(mean_accuracy(own))
        perTask["expert"].append([float(o.mean()) for o in own])
        total = {k: (v - base[k]).sum(0, keepdim=True) for k, v in e.items()}
        merged = lambda lams: {k: base[k] + torch.tensor(lams, device=DEVICE).view(-1, *[1] * (v.dim() - 1)) * v
                               for k, v in total.items()}
        result["average"].append(mean_accuracy([right(merged([0.25]), head, data, t, "test")[0] for t in TASKS]))
        grid = merged(LAMBDAS)
        val = np.mean([right(grid, head, data, t, "validation").mean(1) for t in TASKS], 0)
        best = int(val.argmax())
        hit = [right(merged([LAMBDAS[best]]), head, data, t, "test")[0] for t in TASKS]
        hits.append(hit)
        result["taskArithmeticBest"].append(mean_accuracy(hit))
        result["taskArithmeticLambda"].append(LAMBDAS[best])
        result["validation"].append(float(val[best]))
    peak = int(np.argmax(result["validation"]))  # on validation, so that the test's fall is not flattered
    diff = [a.astype(float) - b for a, b in zip(hits[peak], hits[-1])]
    rng = np.random.default_rng([seed, 9])
    draws = np.mean([d[rng.integers(0, len(d), (4000, len(d)))].mean(1) for d in diff], 0)
    ci = [float(x) for x in np.percentile(draws, [2.5, 97.5])]
    summary = {"seed": seed, "peakStep": STEPS[peak], "fall": float(np.mean([d.mean() for d in diff])), "ci95": ci}
    return result, summary, perTask


def mean_accuracy(hits):
    return float(np.mean([h.mean() for h in hits]))


@torch.no_grad()
def el2n(p, head, data, task, split):
    mu, ws, _ = head
    prob = torch.softmax(predict(p, mu.unsqueeze(0), ws[task].unsqueeze(0), data[f"{task}.{split}.images"]), -1)
    hot = F.one_hot(data[f"{task}.{split}.labels"].long(), prob.shape[-1])
    return (prob - hot).norm(dim=-1).mean(0).cpu().numpy().astype(np.float32)


def learned(experts, k, head, data, task, split):
    """The first checkpoint from which the expert is right to the end; 65535 = never."""
    table = np.stack([right(pick(experts[s], slice(k, k + 1)), head, data, task, split)[0] for s in STEPS])
    out = np.full(table.shape[1], 65535, np.uint16)
    still = np.ones(table.shape[1], bool)
    for i in reversed(range(len(STEPS))):
        still &= table[i]
        out[still] = STEPS[i]
    return out


# ---- files ----

def write_model(path, p, index, meta):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    tensors = {}
    for name in shapes():
        a = p[name][index].cpu().numpy()
        tensors[name] = a.astype(np.float16) if is_half(name) else a.astype(np.float32)
    save_file(tensors, path, metadata={"format": "pt", **meta})


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--data", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--seeds", type=int, default=5)
    args.add_argument("--first", type=int, default=1, help="the first seed")
    args.add_argument("--lr", type=float, default=1e-3)
    args.add_argument("--base-steps", type=int, default=2500)
    args = args.parse_args()
    clock = time.time()
    said = lambda what: print(f"[{time.time() - clock:6.1f} s] {what}", flush=True)

    with gzip.open(args.data) as f:
        data = {k: torch.from_numpy(v.astype(np.int32) if v.dtype == np.uint16 else v).to(DEVICE)
                for k, v in load_safetensors(f.read()).items()}
    said({k: list(v.shape) for k, v in data.items() if k.endswith("images")})
    seeds = list(range(args.first, args.first + args.seeds))
    base = stored(train_base(data, seeds, steps=args.base_steps))
    said("bases trained")
    heads = [draw_heads(data, pick(base, slice(i, i + 1)), s) for i, s in enumerate(seeds)]
    jobs = [(t, heads[i][0], heads[i][1][t], [s, 3, k]) for i, s in enumerate(seeds) for k, t in enumerate(TASKS)]
    start = {k: v.repeat_interleave(len(TASKS), 0) for k, v in base.items()}
    kept = fine_tune(data, start, jobs, STEPS[-1], STEPS, args.lr)
    said("experts trained")

    table = []
    for i, s in enumerate(seeds):
        mine = {step: pick(p, slice(4 * i, 4 * i + 4)) for step, p in kept.items()}
        row = measure(data, pick(base, slice(i, i + 1)), mine, heads[i], s)
        table.append(row)
        result, summary, per_task = row
        print(json.dumps(summary))
        for key in ("expert", "average", "taskArithmeticBest", "taskArithmeticLambda", "validation"):
            print(f"  {key:22s}", " ".join(f"{x:.3f}" for x in result[key]))
        print(f"  base {result['base']:.4f}", [round(x, 3) for x in per_task["base"]],
              "experts at the end", [round(x, 3) for x in per_task["expert"][-1]], flush=True)
    said("measured")

    falls = [t[1]["fall"] for t in table]
    ship = int(np.argsort(falls)[(len(falls) - 1) // 2])
    seed, head, out = seeds[ship], heads[ship], args.out
    mine = {step: pick(p, slice(4 * ship, 4 * ship + 4)) for step, p in kept.items()}
    runs = {}
    for k, t in enumerate(TASKS):
        five = [(t, head[0], head[1][t], [seed, 4, k, r]) for r in range(5)]
        again = {n: v[ship:ship + 1].repeat_interleave(5, 0) for n, v in base.items()}
        runs[t] = fine_tune(data, again, five, 32, [32], args.lr)[32]
    scores = {}
    for k, t in enumerate(TASKS):
        for split in ("fewShot", "validation", "test"):
            scores[f"{t}.{split}.el2n"] = el2n(runs[t], head, data, t, split)
            scores[f"{t}.{split}.learned"] = learned(mine, k, head, data, t, split)
            scores[f"{t}.{split}.baseRight"] = right(pick(base, slice(ship, ship + 1)), head, data, t, split)[0].astype(np.uint8)
    os.makedirs(out, exist_ok=True)
    write_model(f"{out}/base.safetensors", base, ship, {"step": "0", "task": "base"})
    for k, t in enumerate(TASKS):
        for step in STEPS:
            write_model(f"{out}/experts/{t}/step-{step}.safetensors", mine[step], k, {"step": str(step), "task": t})
    tensors = {"mu": head[0].cpu().numpy()}
    tensors |= {f"W.{t}": head[1][t].cpu().numpy() for t in TASKS}
    tensors |= {f"prototypes.{t}": head[2][t] for t in TASKS}
    save_file(tensors, f"{out}/heads.safetensors", metadata={"format": "pt", "seed": str(seed)})
    save_file(scores, f"{out}/scores.safetensors")
    # What the network says of the first 64 test images, to check other runtimes by.
    witness = {t: predict(pick(base, slice(ship, ship + 1)), head[0][None], head[1][t][None],
                          data[f"{t}.test.images"][:64])[0].cpu().numpy() for t in TASKS}
    save_file(witness, f"{out}/witness.safetensors")
    summaries = [{**t[1], "shipped": i == ship} for i, t in enumerate(table)]
    with open(f"{out}/measured.json", "w") as f:
        json.dump({"learningRate": args.lr, "tasks": TASKS, "seeds": summaries,
                   "runs": [{**t[0], "perTask": t[2]} for t in table]}, f, indent=1)
    said(f"seed {seed} written")


main()
