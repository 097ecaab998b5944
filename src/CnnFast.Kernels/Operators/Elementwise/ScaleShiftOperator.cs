using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// y = x·scale + shift with one pair of numbers a channel, over a tensor [pixels, channels]: batch normalisation in inference.
/// Created once for a number of channels; immutable and thread-safe, <see cref="Run"/> allocates nothing.
/// </summary>
internal sealed unsafe class ScaleShiftOperator
{
    private const long CostPerElement = 16;

    private readonly NormalizationKernels _kernels;
    private readonly ChannelCut _cut;

    private ScaleShiftOperator(int channels, NormalizationKernels kernels)
    {
        OperatorChecks.Matrix("ScaleShift", 1, channels);
        _kernels = kernels;
        _cut = new ChannelCut(channels);
    }

    /// <summary>Floats of the packed scale, and of the packed shift.</summary>
    public int PackedLength => _cut.Columns;

    /// <summary>Chooses the kernel.</summary>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static ScaleShiftOperator Create(int channels, IsaLevel? isa = null) =>
        new(channels, KernelSelection.Choose(NormalizationKernels.All, isa));

    /// <summary>Uses the kernels that the caller chose.</summary>
    public static ScaleShiftOperator Create(int channels, NormalizationKernels kernels) => new(channels, kernels);

    /// <summary>Packs the scales or the shifts once for many runs.</summary>
    public void Pack(ReadOnlySpan<float> values, Span<float> packed)
    {
        OperatorChecks.Length("ScaleShift", "values", values.Length, _cut.Channels);
        OperatorChecks.Length("ScaleShift", "packed values", packed.Length, PackedLength);
        _cut.Tile(values, packed);
    }

    /// <summary>Runs on some pixels; y may be x.</summary>
    public void Run(IWorkScheduler s, int pixels, ReadOnlySpan<float> x, ReadOnlySpan<float> packedScale, ReadOnlySpan<float> packedShift,
        Span<float> y)
    {
        OperatorChecks.Length("ScaleShift", "x", x.Length, (long)pixels * _cut.Channels);
        OperatorChecks.Length("ScaleShift", "y", y.Length, x.Length);
        OperatorChecks.Length("ScaleShift", "packed scale", packedScale.Length, PackedLength);
        OperatorChecks.Length("ScaleShift", "packed shift", packedShift.Length, PackedLength);
        fixed (float* px = x, scale = packedScale, shift = packedShift, py = y)
            Apply(s, _kernels, _cut, pixels, px, scale, shift, py);
    }

    /// <summary>Runs on tiled numbers.</summary>
    internal static void Apply(IWorkScheduler s, NormalizationKernels kernels, ChannelCut cut, int pixels, float* x, float* scale,
        float* shift, float* y) =>
        s.Run(cut.Blocks(pixels), (long)pixels * cut.Channels * CostPerElement,
            new ScaleShiftAction(kernels.ScaleShift, cut, pixels, x, scale, shift, y));

    private readonly struct ScaleShiftAction(delegate*<float*, float*, float*, float*, nint, nint, void> kernel, ChannelCut cut, int pixels,
        float* x, float* scale, float* shift, float* y) : IRangeAction
    {
        private readonly delegate*<float*, float*, float*, float*, nint, nint, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _scale = scale;
        private readonly float* _shift = shift;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            ChannelBlock block = cut.Block(index, pixels);
            _kernel(_x + block.Start, _scale, _shift, _y + block.Start, block.Rows, block.Columns);
        }
    }
}
