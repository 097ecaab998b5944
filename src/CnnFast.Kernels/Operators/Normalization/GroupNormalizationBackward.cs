using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The gradients of <see cref="GroupNormalizationOperator"/>. With σ = √(variance + epsilon), r = 1 / (σ + added), d = x − mean, g =
/// dy·gamma and K elements of a group: dbeta = Σ dy, dgamma = Σ dy·d·r, both over the samples and pixels, and dx = r·(g − Σ g / K − r·d·Σ
/// g·d / (K·σ)). Means and variances are computed again. Parts are summed in float, their sums in double in order, then the samples in
/// order, so the bits do not depend on threads. Created once for sizes; immutable and thread-safe, <see cref="Run"/> allocates nothing.
/// </summary>
internal sealed unsafe class GroupNormalizationBackward
{
    private const string Who = "GroupNormalizationBackward";
    private const long CostPerElement = 64;

    private readonly GroupStatistics _statistics;
    private readonly int _batch;
    private readonly string _sizes;
    private readonly nint _sampleFloats;

    private GroupNormalizationBackward(int batch, GroupStatistics statistics)
    {
        _batch = batch;
        _statistics = statistics;
        _sizes = $"{batch} samples of {statistics.Pixels} pixels of {statistics.Groups} groups of {statistics.Channels} channels";
        _sampleFloats = WorkspaceLayout.AlignFloats(4 * (nint)statistics.Cut.Channels);
    }

    /// <summary>Chooses the kernels.</summary>
    /// <param name="batch">The most samples of a run.</param>
    /// <param name="pixels">Pixels of a sample.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="channels">Channels of a group.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="added">Added to the deviation.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static GroupNormalizationBackward Create(int batch, int pixels, int groups, int channels, double epsilon, double added = 0,
        IsaLevel? isa = null) => Create(batch, pixels, groups, channels, epsilon, added,
            KernelSelection.Choose(NormalizationKernels.All, isa), KernelSelection.Choose(ReduceKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static GroupNormalizationBackward Create(int batch, int pixels, int groups, int channels, double epsilon, double added,
        NormalizationKernels kernels, ReduceKernels sums)
    {
        OperatorChecks.Matrix(Who, batch, pixels);
        OperatorChecks.Matrix(Who, groups, channels);
        return new GroupNormalizationBackward(batch, new GroupStatistics(pixels, groups, channels, epsilon, added, kernels, sums));
    }

    /// <summary>Bytes of workspace that <see cref="Run"/> needs on so many threads.</summary>
    public int WorkspaceBytes(int threads) =>
        WorkspaceLayout.Bytes(checked(_batch * _sampleFloats), _statistics.WorkerFloats, Math.Min(threads, _batch));

    /// <summary>Runs on some samples.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="n">Samples.</param>
    /// <param name="x">The input of the forward pass.</param>
    /// <param name="dy">The gradient of its output.</param>
    /// <param name="gamma">One scale a channel, or empty for 1.</param>
    /// <param name="dgamma">Receives the gradient of gamma; or empty.</param>
    /// <param name="dbeta">Receives the gradient of beta; or empty.</param>
    /// <param name="dx">Receives the gradient of x; may be dy; or empty.</param>
    /// <param name="workspace">At least <see cref="WorkspaceBytes"/>.</param>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, Span<float> dgamma,
        Span<float> dbeta, Span<float> dx, Span<byte> workspace)
    {
        int channels = _statistics.Cut.Channels;
        OperatorChecks.Batch(Who, n, _batch, _sizes);
        OperatorChecks.Length(Who, "x", x.Length, (long)n * _statistics.Sample);
        OperatorChecks.Length(Who, "dy", dy.Length, x.Length);
        OperatorChecks.Length(Who, "gamma", gamma.Length, gamma.IsEmpty ? 0 : channels);
        OperatorChecks.Length(Who, "dgamma", dgamma.Length, dgamma.IsEmpty ? 0 : channels);
        OperatorChecks.Length(Who, "dbeta", dbeta.Length, dbeta.IsEmpty ? 0 : channels);
        OperatorChecks.Length(Who, "dx", dx.Length, dx.IsEmpty ? 0 : x.Length);
        OperatorChecks.Workspace(Who, workspace.Length, WorkspaceBytes(s.MaxThreads), _sizes);
        fixed (float* px = x, pdy = dy, pg = gamma, pdx = dx)
        fixed (byte* space = workspace)
        {
            float* samples = WorkspaceLayout.Align(space);
            var action = new SampleAction(this, px, pdy, pg, pdx, samples, samples + (_batch * _sampleFloats));
            if (n >= s.MaxThreads)
            {
                s.Run(n, x.Length * CostPerElement, action);
            }
            else
            {
                for (int sample = 0; sample < n; sample++)
                    action.Run(s, sample, 0);
            }

            AddUp(samples, n, 0, dgamma);
            AddUp(samples, n, channels, dbeta);
        }
    }

    private void AddUp(float* samples, int n, int first, Span<float> total)
    {
        for (int c = 0; c < total.Length; c++)
        {
            double sum = 0;
            for (int sample = 0; sample < n; sample++)
                sum += ((double*)(samples + (sample * _sampleFloats)))[first + c];
            total[c] = (float)sum;
        }
    }

    private readonly struct SampleAction(GroupNormalizationBackward op, float* x, float* dy, float* gamma, float* dx, float* samples,
        float* memory) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _gamma = gamma;
        private readonly float* _dx = dx;
        private readonly float* _samples = samples;
        private readonly float* _memory = memory;

        public void Invoke(int index, int worker) => Run(SerialScheduler.Instance, index, worker);

        public void Run(IWorkScheduler s, int sample, int worker)
        {
            GroupStatistics statistics = op._statistics;
            float* memory = _memory + (worker * statistics.WorkerFloats);
            float* x = _x + (sample * statistics.Sample);
            float* dy = _dy + (sample * statistics.Sample);
            int blocks = statistics.Cut.Blocks(statistics.Pixels);
            statistics.Compute(s, x, memory);
            s.Run(blocks, statistics.Sample * CostPerElement, new SumsAction(statistics, x, dy, memory));
            statistics.Cut.AddUp(statistics.Partial(memory, 0), blocks, statistics.Totals(memory, 0));
            statistics.Cut.AddUp(statistics.Partial(memory, 1), blocks, statistics.Totals(memory, 1));
            var gradients = (double*)(_samples + (sample * op._sampleFloats));
            for (int group = 0; group < statistics.Groups; group++)
                Group(group, memory, gradients);
            if (_dx is null)
                return;
            for (int row = 1; row <= 3; row++)
                statistics.Cut.TileInPlace(statistics.Row(memory, row));
            s.Run(blocks, statistics.Sample * CostPerElement,
                new DataAction(statistics, x, dy, memory, _dx + (sample * statistics.Sample)));
        }

        // The gradients of a group's scales and offsets, and what the gradients of its elements are made of.
        private void Group(int group, float* memory, double* gradients)
        {
            GroupStatistics statistics = op._statistics;
            double* sums = statistics.Totals(memory, 0), products = statistics.Totals(memory, 1);
            float* scale = statistics.Row(memory, 1), slope = statistics.Row(memory, 2), offset = statistics.Row(memory, 3);
            double lacking = statistics.Totals(memory, 2)[group];
            double deviation = statistics.Totals(memory, 3)[group];
            double factor = 1 / (deviation + statistics.Added);
            double sum = 0, product = 0;
            int first = group * statistics.Channels, end = first + statistics.Channels;
            for (int c = first; c < end; c++)
            {
                double g = _gamma is null ? 1 : _gamma[c];
                double own = products[c] - (lacking * sums[c]);
                gradients[c] = factor * own;
                gradients[statistics.Cut.Channels + c] = sums[c];
                sum += g * sums[c];
                product += g * own;
                scale[c] = (float)(g * factor);
            }

            double steepness = -factor * factor * product / (statistics.Elements * deviation);
            new Span<float>(slope + first, statistics.Channels).Fill((float)steepness);
            new Span<float>(offset + first, statistics.Channels).Fill(
                (float)((-factor * sum / statistics.Elements) - (steepness * lacking)));
        }
    }

    private readonly struct SumsAction(GroupStatistics statistics, float* x, float* dy, float* memory) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _memory = memory;

        public void Invoke(int index, int worker)
        {
            ChannelBlock block = statistics.Cut.Block(index, statistics.Pixels);
            nint row = (nint)index * statistics.Cut.Columns;
            float* sums = statistics.Partial(_memory, 0) + row;
            float* products = statistics.Partial(_memory, 1) + row;
            float* deviations = statistics.Partial(_memory, 2) + row;
            statistics.Kernels.GradientSums(_x + block.Start, _dy + block.Start, statistics.Row(_memory, 0), sums, products, deviations,
                block.Rows, block.Columns);
            int rest = statistics.Cut.Columns - (int)block.Columns;
            new Span<float>(sums + block.Columns, rest).Clear();
            new Span<float>(products + block.Columns, rest).Clear();
        }
    }

    private readonly struct DataAction(GroupStatistics statistics, float* x, float* dy, float* memory, float* dx) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _memory = memory;
        private readonly float* _dx = dx;

        public void Invoke(int index, int worker)
        {
            ChannelBlock block = statistics.Cut.Block(index, statistics.Pixels);
            statistics.Kernels.GroupBackward(_x + block.Start, _dy + block.Start, statistics.Row(_memory, 0), statistics.Row(_memory, 1),
                statistics.Row(_memory, 2), statistics.Row(_memory, 3), _dx + block.Start, block.Rows, block.Columns);
        }
    }
}
