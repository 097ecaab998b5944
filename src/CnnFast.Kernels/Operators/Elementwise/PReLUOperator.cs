using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// y = x &lt; 0 ? slope·x : x with one slope a channel, over a tensor [pixels, channels], and its gradients. Sums of a slope's gradient
/// are in float over a part and in
/// double over the parts, in order, so the bits do not depend on threads. Created once for sizes; immutable and thread-safe, nothing is
/// allocated.
/// </summary>
internal sealed unsafe class PReLUOperator
{
    private const long CostPerElement = 16;

    private readonly PReLUKernels _kernels;
    private readonly ChannelCut _cut;
    private readonly int _pixels;
    private readonly string _sizes;
    private readonly nint _totalFloats;

    private PReLUOperator(int pixels, int channels, PReLUKernels kernels)
    {
        OperatorChecks.Matrix("PReLU", pixels, channels);
        _kernels = kernels;
        _pixels = pixels;
        _sizes = $"{pixels} pixels of {channels} channels";
        _cut = new ChannelCut(channels);
        _totalFloats = WorkspaceLayout.AlignFloats(2 * (nint)channels);
    }

    /// <summary>Floats of the packed slopes.</summary>
    public int PackedLength => _cut.Columns;

    /// <summary>Bytes of workspace that <see cref="BackwardSlopes"/> needs.</summary>
    public int WorkspaceBytes => WorkspaceLayout.Bytes(_totalFloats + ((nint)_cut.MostBlocks(_pixels) * _cut.Columns), 0, 1);

    /// <summary>Chooses the kernels.</summary>
    /// <param name="pixels">The most pixels of a run.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static PReLUOperator Create(int pixels, int channels, IsaLevel? isa = null) =>
        Create(pixels, channels, KernelSelection.Choose(PReLUKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static PReLUOperator Create(int pixels, int channels, PReLUKernels kernels) => new(pixels, channels, kernels);

    /// <summary>Packs the slopes once for many runs.</summary>
    public void Pack(ReadOnlySpan<float> slopes, Span<float> packed)
    {
        OperatorChecks.Length("PReLU", "slopes", slopes.Length, _cut.Channels);
        OperatorChecks.Length("PReLU", "packed slopes", packed.Length, PackedLength);
        _cut.Tile(slopes, packed);
    }

    /// <summary>y = x &lt; 0 ? slope·x : x. y may be x.</summary>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    public void Run(IWorkScheduler s, int pixels, ReadOnlySpan<float> x, ReadOnlySpan<float> packedSlopes, Span<float> y)
    {
        Require(pixels, x.Length, "y", y.Length);
        OperatorChecks.Length("PReLU", "packed slopes", packedSlopes.Length, PackedLength);
        fixed (float* px = x, slopes = packedSlopes, py = y)
            s.Run(_cut.Blocks(pixels), x.Length * CostPerElement, new Action(this, pixels, px, null, slopes, py));
    }

    /// <summary>dx = x &gt; 0 ? dy : slope·dy. dx may be dy.</summary>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    public void Backward(IWorkScheduler s, int pixels, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> packedSlopes,
        Span<float> dx)
    {
        Require(pixels, x.Length, "dy", dy.Length);
        Require(pixels, x.Length, "dx", dx.Length);
        OperatorChecks.Length("PReLU", "packed slopes", packedSlopes.Length, PackedLength);
        fixed (float* px = x, pdy = dy, slopes = packedSlopes, pdx = dx)
            s.Run(_cut.Blocks(pixels), x.Length * CostPerElement, new Action(this, pixels, px, pdy, slopes, pdx));
    }

    /// <summary>dslopes[c] = Σ min(x, 0)·dy over the pixels.</summary>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    public void BackwardSlopes(IWorkScheduler s, int pixels, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dslopes,
        Span<byte> workspace)
    {
        Require(pixels, x.Length, "dy", dy.Length);
        OperatorChecks.Length("PReLU", "dslopes", dslopes.Length, _cut.Channels);
        OperatorChecks.Workspace("PReLU", workspace.Length, WorkspaceBytes, _sizes);
        fixed (float* px = x, pdy = dy)
        fixed (byte* space = workspace)
        {
            var totals = (double*)WorkspaceLayout.Align(space);
            float* partial = (float*)totals + _totalFloats;
            int blocks = _cut.Blocks(pixels);
            s.Run(blocks, x.Length * CostPerElement, new SumAction(this, pixels, px, pdy, partial));
            _cut.AddUp(partial, blocks, totals);
            for (int c = 0; c < dslopes.Length; c++)
                dslopes[c] = (float)totals[c];
        }
    }

    private void Require(int pixels, int x, string what, int length)
    {
        OperatorChecks.Batch("PReLU", pixels, _pixels, _sizes);
        OperatorChecks.Length("PReLU", "x", x, (long)pixels * _cut.Channels);
        OperatorChecks.Length("PReLU", what, length, x);
    }

    private readonly struct Action(PReLUOperator op, int pixels, float* x, float* dy, float* slopes, float* y) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _slopes = slopes;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            ChannelBlock block = op._cut.Block(index, pixels);
            if (_dy is null)
                op._kernels.Forward(_x + block.Start, _slopes, _y + block.Start, block.Rows, block.Columns);
            else
                op._kernels.Backward(_x + block.Start, _dy + block.Start, _slopes, _y + block.Start, block.Rows, block.Columns);
        }
    }

    private readonly struct SumAction(PReLUOperator op, int pixels, float* x, float* dy, float* partial) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _partial = partial;

        public void Invoke(int index, int worker)
        {
            ChannelBlock block = op._cut.Block(index, pixels);
            float* sums = _partial + ((nint)index * op._cut.Columns);
            op._kernels.SlopeSums(_x + block.Start, _dy + block.Start, sums, block.Rows, block.Columns);
            new Span<float>(sums + block.Columns, op._cut.Columns - (int)block.Columns).Clear();
        }
    }
}
