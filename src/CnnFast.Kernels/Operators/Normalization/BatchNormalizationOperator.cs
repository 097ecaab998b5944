using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Batch normalisation in training (Ioffe and Szegedy 2015) over a tensor [pixels, channels]: y = gamma·(x − mean) / √(variance + epsilon)
/// + beta with the mean and the biased variance of the pixels, in two passes: the second measures how far off the first one's mean is and
/// puts it right. A residual may be added and a function applied, block by block. Parts are summed in float, their sums in double in
/// order, so the bits do not depend on threads. Created once for sizes; immutable and thread-safe, <see cref="Run"/> allocates nothing.
/// </summary>
internal sealed unsafe class BatchNormalizationOperator
{
    private const string Name = "BatchNormalization";
    private const long CostPerElement = 16;

    private readonly NormalizationKernels _kernels;
    private readonly ReduceKernels _sums;
    private readonly delegate*<float*, float*, float*, nint, void> _add;
    private readonly BlockActivation _activation;
    private readonly ChannelCut _cut;
    private readonly string _sizes;
    private readonly int _pixels;
    private readonly float _epsilon;
    private readonly nint _totalFloats;
    private readonly nint _rowFloats;
    private readonly nint _partialFloats;

    private BatchNormalizationOperator(int pixels, int channels, float epsilon, NormalizationKernels kernels, ReduceKernels sums,
        Epilogue epilogue)
    {
        OperatorChecks.Matrix(Name, pixels, channels);
        _kernels = kernels;
        _sums = sums;
        _add = KernelSelection.Choose(ElementwiseKernels.All, kernels.Isa).Add;
        _activation = BlockActivation.InMemory(epilogue, kernels.Isa);
        _pixels = pixels;
        _epsilon = epsilon;
        _cut = new ChannelCut(channels);
        _sizes = $"{pixels} pixels of {channels} channels";
        _totalFloats = WorkspaceLayout.AlignFloats(2 * (nint)channels);
        _rowFloats = WorkspaceLayout.AlignFloats(_cut.Columns);
        _partialFloats = (nint)_cut.MostBlocks(pixels) * _cut.Columns;
    }

    /// <summary>Chooses the kernels.</summary>
    /// <param name="pixels">The most pixels of a run.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="epilogue">What happens to the normalised values.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static BatchNormalizationOperator Create(int pixels, int channels, float epsilon, Epilogue epilogue = default,
        IsaLevel? isa = null) =>
        new(pixels, channels, epsilon, KernelSelection.Choose(NormalizationKernels.All, isa),
            KernelSelection.Choose(ReduceKernels.All, isa), epilogue);

    /// <summary>Uses kernels that the caller chose.</summary>
    public static BatchNormalizationOperator Create(int pixels, int channels, float epsilon, NormalizationKernels kernels,
        ReduceKernels sums, Epilogue epilogue = default) => new(pixels, channels, epsilon, kernels, sums, epilogue);

    /// <summary>Bytes of workspace that <see cref="Run"/> needs.</summary>
    public int WorkspaceBytes => WorkspaceLayout.Bytes(checked((2 * _totalFloats) + (3 * _rowFloats) + (2 * _partialFloats)), 0, 1);

    /// <summary>Runs on some pixels.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="pixels">Pixels: samples × places.</param>
    /// <param name="x">The input [pixels, channels].</param>
    /// <param name="gamma">One scale a channel, or empty for 1.</param>
    /// <param name="beta">One offset a channel, or empty for 0.</param>
    /// <param name="mean">Receives the mean of every channel.</param>
    /// <param name="variance">Receives the biased variance of every channel.</param>
    /// <param name="y">The output; may be x.</param>
    /// <param name="workspace">At least <see cref="WorkspaceBytes"/>.</param>
    /// <param name="residual">Added before the function; not y. Or empty.</param>
    public void Run(IWorkScheduler s, int pixels, ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta,
        Span<float> mean, Span<float> variance, Span<float> y, Span<byte> workspace, ReadOnlySpan<float> residual = default)
    {
        int channels = _cut.Channels;
        OperatorChecks.Batch(Name, pixels, _pixels, _sizes);
        OperatorChecks.Length(Name, "x", x.Length, (long)pixels * channels);
        OperatorChecks.Length(Name, "gamma", gamma.Length, gamma.IsEmpty ? 0 : channels);
        OperatorChecks.Length(Name, "beta", beta.Length, beta.IsEmpty ? 0 : channels);
        OperatorChecks.Length(Name, "mean", mean.Length, channels);
        OperatorChecks.Length(Name, "variance", variance.Length, channels);
        OperatorChecks.Length(Name, "y", y.Length, x.Length);
        OperatorChecks.Length(Name, "residual", residual.Length, residual.IsEmpty ? 0 : x.Length);
        OperatorChecks.Workspace(Name, workspace.Length, WorkspaceBytes, _sizes);
        fixed (float* px = x, py = y, added = residual)
        fixed (byte* space = workspace)
        {
            float* start = WorkspaceLayout.Align(space);
            var means = (double*)start;
            var squares = (double*)(start + _totalFloats);
            float* centre = start + (2 * _totalFloats);
            float* scale = centre + _rowFloats;
            float* shift = scale + _rowFloats;
            float* partial = shift + _rowFloats;
            int blocks = _cut.Blocks(pixels);
            long cost = (long)pixels * channels * CostPerElement;

            ChannelSum.Total(s, _sums, _cut, pixels, px, partial, means);
            for (int c = 0; c < channels; c++)
                centre[c] = (float)(means[c] / pixels);

            _cut.TileInPlace(centre);
            s.Run(blocks, cost, new SquaresAction(_kernels.SquareSum, _cut, pixels, px, centre, partial, partial + _partialFloats));
            _cut.AddUp(partial, blocks, squares);
            double* deviations = means;
            _cut.AddUp(partial + _partialFloats, blocks, deviations);
            for (int c = 0; c < channels; c++)
            {
                // The squares are those about the centre, and the outputs too.
                double off = deviations[c] / pixels;
                double v = Math.Max(0, (squares[c] / pixels) - (off * off));
                double factor = (gamma.IsEmpty ? 1 : gamma[c]) / Math.Sqrt(v + _epsilon);
                mean[c] = (float)(centre[c] + off);
                variance[c] = (float)v;
                scale[c] = (float)factor;
                shift[c] = (float)((beta.IsEmpty ? 0 : beta[c]) - (off * factor));
            }

            _cut.TileInPlace(scale);
            _cut.TileInPlace(shift);
            s.Run(blocks, cost, new NormalizeAction(this, pixels, px, centre, scale, shift, added, py));
        }
    }

    private readonly struct SquaresAction(delegate*<float*, float*, float*, float*, nint, nint, void> kernel, ChannelCut cut, int pixels,
        float* x, float* mean, float* squares, float* deviations) : IRangeAction
    {
        private readonly delegate*<float*, float*, float*, float*, nint, nint, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _mean = mean;
        private readonly float* _squares = squares;
        private readonly float* _deviations = deviations;

        public void Invoke(int index, int worker)
        {
            ChannelBlock block = cut.Block(index, pixels);
            nint row = (nint)index * cut.Columns;
            _kernel(_x + block.Start, _mean, _squares + row, _deviations + row, block.Rows, block.Columns);
            int rest = cut.Columns - (int)block.Columns;
            new Span<float>(_squares + row + block.Columns, rest).Clear();
            new Span<float>(_deviations + row + block.Columns, rest).Clear();
        }
    }

    private readonly struct NormalizeAction(BatchNormalizationOperator owner, int pixels, float* x, float* mean, float* scale, float* shift,
        float* residual, float* y) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _mean = mean;
        private readonly float* _scale = scale;
        private readonly float* _shift = shift;
        private readonly float* _residual = residual;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            ChannelBlock block = owner._cut.Block(index, pixels);
            float* y = _y + block.Start;
            owner._kernels.Normalize(_x + block.Start, _mean, _scale, _shift, y, block.Rows, block.Columns);
            nint count = block.Rows * block.Columns;
            if (_residual is not null)
                owner._add(y, _residual + block.Start, y, count);
            if (!owner._activation.IsNone)
                owner._activation.Run(y, count);
        }
    }
}
