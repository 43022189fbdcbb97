/**
 * Classes and functions of the script for what PyTorch does not have, or has in another form. Only those that a model
 * needs are written.
 */

const loop = `
class Loop(nn.Module):
    """A recurrent layer whose timesteps are written out: B × T × features → B × T × units, and the last states."""

    gates, kept = 1, 1

    def __init__(self, features, units, bias=True, activation=torch.tanh, gate=torch.sigmoid, dropout=0.0,
                 recurrent_dropout=0.0):
        super().__init__()
        self.units, self.activation, self.gate = units, activation, gate
        self.dropout, self.recurrent_dropout = dropout, recurrent_dropout
        self.weight_ih = nn.Parameter(nn.init.xavier_uniform_(torch.empty(self.gates * units, features)))
        self.weight_hh = nn.Parameter(nn.init.orthogonal_(torch.empty(self.gates * units, units)))
        self.bias_ih = nn.Parameter(torch.zeros(self.gates * units)) if bias else None

    def forward(self, x, states=None, mask=None):
        if states is None:
            states = tuple(x.new_zeros(len(x), self.units) for _ in range(self.kept))
        # One mask for all timesteps of a sequence (Gal & Ghahramani 2016).
        x = x * F.dropout(torch.ones_like(x[:, :1]), self.dropout, self.training)
        keep = F.dropout(torch.ones_like(states[0]), self.recurrent_dropout, self.training)
        outputs = []
        for t, z in enumerate(F.linear(x, self.weight_ih, self.bias_ih).unbind(1)):
            after = self.step(z, states, keep)
            if mask is not None:  # a masked timestep leaves the states as they are
                after = tuple(torch.where(mask[:, t, None], new, old) for new, old in zip(after, states))
            states = after
            outputs.append(states[0])
        return torch.stack(outputs, 1), states
`;

const simpleLoop = `
class SimpleLoop(Loop):
    """h' = activation(W x + U h + b)."""

    def step(self, z, states, keep):
        return (self.activation(z + F.linear(states[0] * keep, self.weight_hh)),)
`;

const lstmLoop = `
class LSTMLoop(Loop):
    """Gates in the order i, f, g, o. With peepholes the gates also see the cell (Gers & Schmidhuber 2000)."""

    gates, kept = 4, 2

    def __init__(self, features, units, peepholes=False, **options):
        super().__init__(features, units, **options)
        self.peepholes = nn.Parameter(nn.init.xavier_uniform_(torch.empty(3, units))) if peepholes else None

    def step(self, z, states, keep):
        h, c = states
        i, f, g, o = (z + F.linear(h * keep, self.weight_hh)).chunk(4, 1)
        if self.peepholes is not None:
            i, f = i + self.peepholes[0] * c, f + self.peepholes[1] * c
        c = self.gate(f) * c + self.gate(i) * self.activation(g)
        if self.peepholes is not None:
            o = o + self.peepholes[2] * c
        return self.gate(o) * self.activation(c), c
`;

const gruLoop = `
class GRULoop(Loop):
    """Gates in the order r, z, n. The reset gate acts on the state (Cho et al. 2014), or after the product (cuDNN)."""

    gates = 3

    def __init__(self, features, units, reset_after=False, **options):
        super().__init__(features, units, **options)
        self.reset_after = reset_after
        two = reset_after and self.bias_ih is not None
        self.bias_hh = nn.Parameter(torch.zeros(3 * units)) if two else None

    def step(self, x, states, keep):
        h = states[0] * keep
        xr, xz, xn = x.chunk(3, 1)
        if self.reset_after:
            ur, uz, un = F.linear(h, self.weight_hh, self.bias_hh).chunk(3, 1)
            r, z = self.gate(xr + ur), self.gate(xz + uz)
            n = self.activation(xn + r * un)
        else:
            ur, uz = F.linear(h, self.weight_hh[: 2 * self.units]).chunk(2, 1)
            r, z = self.gate(xr + ur), self.gate(xz + uz)
            n = self.activation(xn + F.linear(r * h, self.weight_hh[2 * self.units :]))
        return (z * h + (1 - z) * n,)
`;

const truncated = `
def truncated(layer, x, every, states=None):
    """Cuts the gradient at each multiple of \`every\` timesteps, counted back from the last one."""
    first = x.shape[1] % every or every
    pieces = [x[:, :first], *(x[:, first:].split(every, 1) if x.shape[1] > first else ())]
    outputs = []
    for piece in pieces:
        if outputs:
            states = tuple(s.detach() for s in states) if isinstance(states, tuple) else states.detach()
        output, states = layer(piece, states)
        outputs.append(output)
    return torch.cat(outputs, 1), states
`;

const masked = `
def masked(layer, x, mask, states=None):
    """Passes over masked timesteps, whose output is that of the timestep before. The others are packed together."""
    counts = mask.cumsum(1)
    lengths = counts[:, -1]
    order = torch.sort((~mask).int(), dim=1, stable=True).indices
    kept = x.gather(1, order[..., None].expand_as(x))
    packed = nn.utils.rnn.pack_padded_sequence(kept, lengths.clamp(min=1).cpu(), batch_first=True, enforce_sorted=False)
    output, last = layer(packed, states)
    output, _ = nn.utils.rnn.pad_packed_sequence(output, batch_first=True, total_length=x.shape[1])
    after = last if isinstance(last, tuple) else (last,)
    before = states if isinstance(states, tuple) else tuple(map(torch.zeros_like, after)) if states is None else (states,)
    # A sequence without any timestep stays at its beginning.
    after = tuple(torch.where((lengths > 0)[None, :, None], new, old) for new, old in zip(after, before))
    output = torch.cat([before[0][0][:, None], output], 1).gather(1, counts[..., None].expand(-1, -1, output.shape[-1]))
    return output, after if isinstance(last, tuple) else after[0]
`;

const unpacked = `
def unpacked(x, *shapes):
    """The arrays that travel as one: each sample's values follow one another."""
    sizes = [int(np.prod(shape)) for shape in shapes]
    return [part.reshape(len(x), *shape) for part, shape in zip(x.split(sizes, 1), shapes)]
`;

const selfAttention = `
class SelfAttention(nn.Module):
    """Multi-head self-attention (Vaswani et al. 2017, section 3.2): B × T × D → B × T × D."""

    def __init__(self, features, heads, size, causal=False, residual=False, bias=True):
        super().__init__()
        self.heads, self.causal, self.residual = heads, causal, residual
        self.query, self.key, self.value = (nn.Linear(features, heads * size, bias=bias) for _ in range(3))
        self.out = nn.Linear(heads * size, features, bias=bias)

    def forward(self, x):
        def apart(y):
            return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        q, k, v = apart(self.query(x)), apart(self.key(x)), apart(self.value(x))
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        out = self.out(seen.transpose(1, 2).flatten(2))
        return x + out if self.residual else out
`;

const crossAttention = `
class CrossAttention(nn.Module):
    """Multi-head attention of one sequence to another (Vaswani et al. 2017): B × T × D, B × S × E → B × T × units."""

    def __init__(self, heads, query, key, value, out, causal=False, bias=True):
        """:param query: pair of sizes of its matrix, as for the others."""
        super().__init__()
        self.heads, self.causal = heads, causal
        self.query, self.key = nn.Linear(*query, bias=bias), nn.Linear(*key, bias=bias)
        self.value, self.out = nn.Linear(*value, bias=bias), nn.Linear(*out, bias=bias)

    def forward(self, query, value, key=None):
        def apart(y):
            return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        q, k, v = apart(self.query(query)), apart(self.key(value if key is None else key)), apart(self.value(value))
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        return self.out(seen.transpose(1, 2).flatten(2))
`;

const encoder = `
class Encoder(nn.Module):
    """A Transformer encoder block, normalized after each sum or before each part (Xiong et al. 2020)."""

    def __init__(self, features, heads, size, hidden, activation, pre=False, causal=False, dropout=0.0, eps=1e-6):
        super().__init__()
        self.pre, self.activation, self.dropout = pre, activation, dropout
        self.attention = SelfAttention(features, heads, size, causal)
        self.norm1, self.norm2 = nn.LayerNorm(features, eps), nn.LayerNorm(features, eps)
        self.hidden, self.out = nn.Linear(features, hidden), nn.Linear(hidden, features)

    def feed_forward(self, x):
        return self.out(self.activation(self.hidden(x)))

    def forward(self, x):
        for part, norm in ((self.attention, self.norm1), (self.feed_forward, self.norm2)):
            changed = F.dropout(part(norm(x) if self.pre else x), self.dropout, self.training)
            x = x + changed if self.pre else norm(x + changed)
        return x
`;

const pooling = `
class AttentionPooling(nn.Module):
    """The mean of a sequence, weighted by a score of each timestep (Yang et al. 2016): B × T × H → B × H."""

    def __init__(self, features, units):
        super().__init__()
        self.score, self.context = nn.Linear(features, units), nn.Linear(units, 1, bias=False)

    def forward(self, x):
        share = torch.softmax(self.context(torch.tanh(self.score(x))), 1)
        return (share * x).sum(1)
`;

const sinusoids = `
def sinusoids(timesteps, features):
    """Sines and cosines of growing wavelength (Vaswani et al. 2017, section 3.5): T × D."""
    d = torch.arange(features, dtype=torch.float64)
    angle = torch.arange(timesteps, dtype=torch.float64)[:, None] / 10_000 ** ((d - d % 2) / features)
    return torch.where(d % 2 == 0, angle.sin(), angle.cos()).float()
`;

const batchNorm = `
class FeatureNorm(nn.BatchNorm1d):
    """Batch normalization of the last axis, over all others."""

    frozen = False

    def keep_statistics(self):
        """Normalizes by the moving averages in training, too, and keeps them."""
        self.frozen = True
        self.eval()

    def train(self, mode=True):
        return super().train(mode and not self.frozen)

    def forward(self, x):
        return super().forward(x.flatten(0, -2)).view_as(x)
`;

/** In the order in which the script defines them. */
const sources = {
  Loop: { source: loop, needs: [] },
  SimpleLoop: { source: simpleLoop, needs: ["Loop"] },
  LSTMLoop: { source: lstmLoop, needs: ["Loop"] },
  GRULoop: { source: gruLoop, needs: ["Loop"] },
  truncated: { source: truncated, needs: [] },
  masked: { source: masked, needs: [] },
  unpacked: { source: unpacked, needs: [] },
  SelfAttention: { source: selfAttention, needs: [] },
  CrossAttention: { source: crossAttention, needs: [] },
  Encoder: { source: encoder, needs: ["SelfAttention"] },
  AttentionPooling: { source: pooling, needs: [] },
  sinusoids: { source: sinusoids, needs: [] },
  FeatureNorm: { source: batchNorm, needs: [] },
} as const;

export type HelperName = keyof typeof sources;

/** The source of the helpers that are needed, with what they need themselves. */
export function helperSources(wanted: readonly HelperName[]): string[] {
  const needed = new Set<string>(wanted);
  for (const name of wanted) for (const other of sources[name].needs) needed.add(other);
  return Object.entries(sources)
    .filter(([name]) => needed.has(name))
    .map(([, { source }]) => source.trim());
}
