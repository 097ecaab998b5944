using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The sum of every channel over all pixels of a tensor [pixels, channels]. Parts are summed in float, their sums in double in order, so
/// the bits do not depend on threads. Created once for sizes; immutable and thread-safe, <see cref="Run"/> allocates nothing.
/// </summary>
internal sealed unsafe class ChannelSum
{
    private const long CostPerElement = 8;

    private readonly ReduceKernels _kernels;
    private readonly ChannelCut _cut;
    private readonly string _sizes;
    private readonly int _pixels;
    private readonly nint _totalFloats;

    private ChannelSum(int pixels, int channels, ReduceKernels kernels)
    {
        OperatorChecks.Matrix("ChannelSum", pixels, channels);
        _kernels = kernels;
        _pixels = pixels;
        _cut = new ChannelCut(channels);
        _sizes = $"{pixels} pixels of {channels} channels";
        _totalFloats = WorkspaceLayout.AlignFloats(2 * (nint)channels);
    }

    /// <summary>Chooses the kernel.</summary>
    /// <param name="pixels">The most pixels of a run.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static ChannelSum Create(int pixels, int channels, IsaLevel? isa = null) =>
        new(pixels, channels, KernelSelection.Choose(ReduceKernels.All, isa));

    /// <summary>Uses the kernels that the caller chose.</summary>
    public static ChannelSum Create(int pixels, int channels, ReduceKernels kernels) => new(pixels, channels, kernels);

    /// <summary>Bytes of workspace that <see cref="Run"/> needs.</summary>
    public int WorkspaceBytes => WorkspaceLayout.Bytes(_totalFloats + ((nint)_cut.MostBlocks(_pixels) * _cut.Columns), 0, 1);

    /// <summary>sums[c] = Σ x[pixel, c].</summary>
    public void Run(IWorkScheduler s, int pixels, ReadOnlySpan<float> x, Span<float> sums, Span<byte> workspace)
    {
        OperatorChecks.Batch("ChannelSum", pixels, _pixels, _sizes);
        OperatorChecks.Length("ChannelSum", "x", x.Length, (long)pixels * _cut.Channels);
        OperatorChecks.Length("ChannelSum", "sums", sums.Length, _cut.Channels);
        OperatorChecks.Workspace("ChannelSum", workspace.Length, WorkspaceBytes, _sizes);
        fixed (float* px = x)
        fixed (byte* space = workspace)
        {
            var totals = (double*)WorkspaceLayout.Align(space);
            Total(s, _kernels, _cut, pixels, px, (float*)totals + _totalFloats, totals);
            for (int c = 0; c < sums.Length; c++)
                sums[c] = (float)totals[c];
        }
    }

    /// <summary>The sums in double.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="kernels">The kernel.</param>
    /// <param name="cut">The cut.</param>
    /// <param name="pixels">Pixels.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="partial">Space for a row of the cut for every part.</param>
    /// <param name="totals">Receives one number a channel.</param>
    internal static void Total(IWorkScheduler s, ReduceKernels kernels, ChannelCut cut, int pixels, float* x, float* partial,
        double* totals)
    {
        int blocks = cut.Blocks(pixels);
        s.Run(blocks, (long)pixels * cut.Channels * CostPerElement, new SumAction(kernels.ColumnSum, cut, pixels, x, partial));
        cut.AddUp(partial, blocks, totals);
    }

    private readonly struct SumAction(delegate*<float*, float*, nint, nint, void> kernel, ChannelCut cut, int pixels, float* x,
        float* partial) : IRangeAction
    {
        private readonly delegate*<float*, float*, nint, nint, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _partial = partial;

        public void Invoke(int index, int worker)
        {
            ChannelBlock block = cut.Block(index, pixels);
            float* sums = _partial + ((nint)index * cut.Columns);
            _kernel(_x + block.Start, sums, block.Rows, block.Columns);
            new Span<float>(sums + block.Columns, cut.Columns - (int)block.Columns).Clear();
        }
    }
}
