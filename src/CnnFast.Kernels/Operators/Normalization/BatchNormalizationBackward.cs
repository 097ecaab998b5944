using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The gradients of batch normalisation over a tensor [pixels, channels] (Ioffe and Szegedy 2015). With r = 1 / √(variance + epsilon) and
/// M pixels: dbeta = Σ dy, dgamma = r·Σ dy·(x − mean); where mean and variance are the batch's, dx = gamma·r·(dy − Σ dy / M − r²·(x −
/// mean)·Σ dy·(x − mean) / M), where they are fixed, dx = gamma·r·dy. The batch's mean comes rounded to a float: what it lost is measured
/// from x and put back. Where a function or a residual follows, dy is first led back through them, block by block. Parts are summed in
/// float, their sums in double in order, so the bits do not depend on threads. Created once for sizes; immutable and thread-safe, <see
/// cref="Run"/> allocates nothing.
/// </summary>
internal sealed unsafe class BatchNormalizationBackward
{
    private const string Name = "BatchNormalizationBackward";
    private const long CostPerElement = 24;

    private readonly NormalizationKernels _kernels;
    private readonly BlockGradient _function;
    private readonly ChannelCut _cut;
    private readonly string _sizes;
    private readonly int _pixels;
    private readonly float _epsilon;
    private readonly bool _batchStatistics;
    private readonly bool _unbiased;
    private readonly nint _totalFloats;
    private readonly nint _rowFloats;
    private readonly nint _partialFloats;

    private BatchNormalizationBackward(int pixels, int channels, float epsilon, bool batchStatistics, bool unbiased,
        NormalizationKernels kernels, Epilogue epilogue)
    {
        OperatorChecks.Matrix(Name, pixels, channels);
        _kernels = kernels;
        _function = new BlockGradient(epilogue, kernels.Isa);
        _pixels = pixels;
        _epsilon = epsilon;
        _batchStatistics = batchStatistics;
        _unbiased = batchStatistics && unbiased;
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
    /// <param name="batchStatistics">Whether mean and variance are those of the input, so that the gradient flows through
    /// them; else they are fixed.</param>
    /// <param name="unbiased">Whether variances of the batch are given as unbiased ones, times pixels / (pixels − 1).</param>
    /// <param name="epilogue">The function that follows, whose result is enough for its gradient.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static BatchNormalizationBackward Create(int pixels, int channels, float epsilon, bool batchStatistics, bool unbiased = false,
        Epilogue epilogue = default, IsaLevel? isa = null) =>
        new(pixels, channels, epsilon, batchStatistics, unbiased, KernelSelection.Choose(NormalizationKernels.All, isa), epilogue);

    /// <summary>Uses kernels that the caller chose.</summary>
    public static BatchNormalizationBackward Create(int pixels, int channels, float epsilon, bool batchStatistics,
        NormalizationKernels kernels, Epilogue epilogue = default) =>
        new(pixels, channels, epsilon, batchStatistics, unbiased: false, kernels, epilogue);

    /// <summary>Bytes of workspace that <see cref="Run"/> needs.</summary>
    public int WorkspaceBytes => WorkspaceLayout.Bytes(checked((3 * _totalFloats) + (4 * _rowFloats) + (3 * _partialFloats)), 0, 1);

    /// <summary>Runs on some pixels.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="pixels">Pixels: samples × places.</param>
    /// <param name="x">The input of the forward pass.</param>
    /// <param name="dy">The gradient of its output; overwritten by that before the function, unless that goes to dresidual.</param>
    /// <param name="gamma">One scale a channel, or empty for 1.</param>
    /// <param name="mean">The means that the forward pass used.</param>
    /// <param name="variance">The variances that it used.</param>
    /// <param name="dgamma">Receives the gradient of gamma; or empty.</param>
    /// <param name="dbeta">Receives the gradient of beta; or empty.</param>
    /// <param name="dx">Receives the gradient of x; may be dy; or empty.</param>
    /// <param name="workspace">At least <see cref="WorkspaceBytes"/>.</param>
    /// <param name="y">The output of the forward pass; empty where there is no function.</param>
    /// <param name="dresidual">Receives the gradient of the residual; or empty. Not dx.</param>
    public void Run(
        IWorkScheduler s,
        int pixels,
        ReadOnlySpan<float> x,
        Span<float> dy,
        ReadOnlySpan<float> gamma,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance,
        Span<float> dgamma,
        Span<float> dbeta,
        Span<float> dx,
        Span<byte> workspace,
        ReadOnlySpan<float> y = default,
        Span<float> dresidual = default)
    {
        int channels = _cut.Channels;
        OperatorChecks.Batch(Name, pixels, _pixels, _sizes);
        OperatorChecks.Length(Name, "x", x.Length, (long)pixels * channels);
        OperatorChecks.Length(Name, "dy", dy.Length, x.Length);
        OperatorChecks.Length(Name, "gamma", gamma.Length, gamma.IsEmpty ? 0 : channels);
        OperatorChecks.Length(Name, "mean", mean.Length, channels);
        OperatorChecks.Length(Name, "variance", variance.Length, channels);
        OperatorChecks.Length(Name, "dgamma", dgamma.Length, dgamma.IsEmpty ? 0 : channels);
        OperatorChecks.Length(Name, "dbeta", dbeta.Length, dbeta.IsEmpty ? 0 : channels);
        OperatorChecks.Length(Name, "dx", dx.Length, dx.IsEmpty ? 0 : x.Length);
        OperatorChecks.Length(Name, "y", y.Length, _function.IsNone ? 0 : x.Length);
        OperatorChecks.Length(Name, "dresidual", dresidual.Length, dresidual.IsEmpty ? 0 : x.Length);
        OperatorChecks.Workspace(Name, workspace.Length, WorkspaceBytes, _sizes);
        fixed (float* px = x, pdy = dy, pdx = dx, py = y, added = dresidual)
        fixed (byte* space = workspace)
        {
            float* start = WorkspaceLayout.Align(space);
            var sums = (double*)start;
            var products = (double*)(start + _totalFloats);
            var deviations = (double*)(start + (2 * _totalFloats));
            float* centre = start + (3 * _totalFloats);
            float* offset = centre + _rowFloats;
            float* slope = offset + _rowFloats;
            float* scale = slope + _rowFloats;
            mean.CopyTo(new Span<float>(centre, channels));
            _cut.TileInPlace(centre);
            float* g = added is null ? pdy : added;
            var back = new BackAction(_function, _cut, pixels, py, pdy, g);
            if (!dgamma.IsEmpty || !dbeta.IsEmpty || (_batchStatistics && !dx.IsEmpty))
                Sum(s, pixels, px, back, g, centre, scale + _rowFloats, sums, products, deviations);
            else if (g != pdy || !_function.IsNone)
                s.Run(_cut.Blocks(pixels), (long)pixels * channels * CostPerElement, back);
            double bias = _unbiased ? (pixels - 1.0) / pixels : 1;
            for (int c = 0; c < channels; c++)
            {
                double inverse = 1 / Math.Sqrt((variance[c] * bias) + _epsilon);
                double rounding = _batchStatistics ? deviations[c] / pixels : 0;
                double product = products[c] - (rounding * sums[c]);
                double bend = -inverse * inverse * product / pixels;
                scale[c] = (float)((gamma.IsEmpty ? 1 : gamma[c]) * inverse);
                offset[c] = _batchStatistics ? (float)((sums[c] / pixels) + (bend * rounding)) : 0;
                slope[c] = _batchStatistics ? (float)bend : 0;
                if (!dgamma.IsEmpty)
                    dgamma[c] = (float)(inverse * product);
                if (!dbeta.IsEmpty)
                    dbeta[c] = (float)sums[c];
            }

            if (dx.IsEmpty)
                return;
            _cut.TileInPlace(offset);
            _cut.TileInPlace(slope);
            _cut.TileInPlace(scale);
            if (_batchStatistics)
                s.Run(_cut.Blocks(pixels), (long)pixels * channels * CostPerElement,
                    new DataAction(_kernels.NormalizeBackward, _cut, pixels, px, g, centre, offset, slope, scale, pdx));
            else
                ScaleShiftOperator.Apply(s, _kernels, _cut, pixels, g, scale, offset, pdx);
        }
    }

    private void Sum(IWorkScheduler s, int pixels, float* x, in BackAction back, float* dy, float* centre, float* partial, double* sums,
        double* products, double* deviations)
    {
        int blocks = _cut.Blocks(pixels);
        s.Run(blocks, (long)pixels * _cut.Channels * CostPerElement,
            new SumsAction(_kernels.GradientSums, _cut, pixels, back, x, dy, centre, partial, partial + _partialFloats,
                partial + (2 * _partialFloats)));
        _cut.AddUp(partial, blocks, sums);
        _cut.AddUp(partial + _partialFloats, blocks, products);
        _cut.AddUp(partial + (2 * _partialFloats), blocks, deviations);
    }

    // From dy to the gradient before the function, which is that of the residual.
    private readonly struct BackAction(BlockGradient function, ChannelCut cut, int pixels, float* y, float* dy, float* g) : IRangeAction
    {
        private readonly float* _y = y;
        private readonly float* _dy = dy;
        private readonly float* _g = g;

        public void Invoke(int index, int worker)
        {
            ChannelBlock block = cut.Block(index, pixels);
            function.Run(_y + block.Start, _dy + block.Start, _g + block.Start, block.Rows * block.Columns);
        }
    }

    private readonly struct SumsAction(delegate*<float*, float*, float*, float*, float*, float*, nint, nint, void> kernel, ChannelCut cut,
        int pixels, BackAction back, float* x, float* dy, float* mean, float* sums, float* products, float* deviations) : IRangeAction
    {
        private readonly delegate*<float*, float*, float*, float*, float*, float*, nint, nint, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _mean = mean;
        private readonly float* _sums = sums;
        private readonly float* _products = products;
        private readonly float* _deviations = deviations;

        public void Invoke(int index, int worker)
        {
            back.Invoke(index, worker);
            ChannelBlock block = cut.Block(index, pixels);
            nint row = (nint)index * cut.Columns;
            _kernel(_x + block.Start, _dy + block.Start, _mean, _sums + row, _products + row, _deviations + row, block.Rows,
                block.Columns);
            int rest = cut.Columns - (int)block.Columns;
            new Span<float>(_sums + row + block.Columns, rest).Clear();
            new Span<float>(_products + row + block.Columns, rest).Clear();
            new Span<float>(_deviations + row + block.Columns, rest).Clear();
        }
    }

    private readonly struct DataAction(delegate*<float*, float*, float*, float*, float*, float*, float*, nint, nint, void> kernel,
        ChannelCut cut, int pixels, float* x, float* dy, float* mean, float* offset, float* slope, float* scale, float* dx) : IRangeAction
    {
        private readonly delegate*<float*, float*, float*, float*, float*, float*, float*, nint, nint, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _mean = mean;
        private readonly float* _offset = offset;
        private readonly float* _slope = slope;
        private readonly float* _scale = scale;
        private readonly float* _dx = dx;

        public void Invoke(int index, int worker)
        {
            ChannelBlock block = cut.Block(index, pixels);
            _kernel(_x + block.Start, _dy + block.Start, _mean, _offset, _slope, _scale, _dx + block.Start, block.Rows, block.Columns);
        }
    }
}
