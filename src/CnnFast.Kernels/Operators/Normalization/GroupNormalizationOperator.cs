using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Group normalisation (Wu and He 2018) of [N, pixels, groups × channels]: y = (x − mean)·gamma / (√(variance + epsilon) + added) + beta
/// with the mean and the biased variance of every group of every sample. Many samples go to a thread each, few are worked on by all; the
/// bits are the same. Created once for sizes; immutable and thread-safe, <see cref="Run"/> allocates nothing.
/// </summary>
internal sealed unsafe class GroupNormalizationOperator
{
    private const string Who = "GroupNormalization";
    private const long CostPerElement = 40;

    private readonly GroupStatistics _statistics;
    private readonly int _batch;
    private readonly string _sizes;

    private GroupNormalizationOperator(int batch, GroupStatistics statistics)
    {
        _batch = batch;
        _statistics = statistics;
        _sizes = $"{batch} samples of {statistics.Pixels} pixels of {statistics.Groups} groups of {statistics.Channels} channels";
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
    public static GroupNormalizationOperator Create(int batch, int pixels, int groups, int channels, double epsilon, double added = 0,
        IsaLevel? isa = null) => Create(batch, pixels, groups, channels, epsilon, added,
            KernelSelection.Choose(NormalizationKernels.All, isa), KernelSelection.Choose(ReduceKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static GroupNormalizationOperator Create(int batch, int pixels, int groups, int channels, double epsilon, double added,
        NormalizationKernels kernels, ReduceKernels sums)
    {
        OperatorChecks.Matrix(Who, batch, pixels);
        OperatorChecks.Matrix(Who, groups, channels);
        return new GroupNormalizationOperator(batch, new GroupStatistics(pixels, groups, channels, epsilon, added, kernels, sums));
    }

    /// <summary>Bytes of workspace that <see cref="Run"/> needs on so many threads.</summary>
    public int WorkspaceBytes(int threads) => WorkspaceLayout.Bytes(0, _statistics.WorkerFloats, Math.Min(threads, _batch));

    /// <summary>Runs on some samples.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="n">Samples.</param>
    /// <param name="x">The input.</param>
    /// <param name="gamma">One scale a channel, or empty for 1.</param>
    /// <param name="beta">One offset a channel, or empty for 0.</param>
    /// <param name="y">The output; may be x.</param>
    /// <param name="workspace">At least <see cref="WorkspaceBytes"/>.</param>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, Span<float> y,
        Span<byte> workspace)
    {
        int channels = _statistics.Cut.Channels;
        OperatorChecks.Batch(Who, n, _batch, _sizes);
        OperatorChecks.Length(Who, "x", x.Length, (long)n * _statistics.Sample);
        OperatorChecks.Length(Who, "gamma", gamma.Length, gamma.IsEmpty ? 0 : channels);
        OperatorChecks.Length(Who, "beta", beta.Length, beta.IsEmpty ? 0 : channels);
        OperatorChecks.Length(Who, "y", y.Length, x.Length);
        OperatorChecks.Workspace(Who, workspace.Length, WorkspaceBytes(s.MaxThreads), _sizes);
        fixed (float* px = x, py = y, pg = gamma, pb = beta)
        fixed (byte* space = workspace)
        {
            var action = new SampleAction(this, px, pg, pb, py, WorkspaceLayout.Align(space));
            if (n >= s.MaxThreads)
            {
                s.Run(n, x.Length * CostPerElement, action);
                return;
            }

            for (int sample = 0; sample < n; sample++)
                action.Run(s, sample, 0);
        }
    }

    private readonly struct SampleAction(GroupNormalizationOperator op, float* x, float* gamma, float* beta, float* y, float* memory)
        : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _gamma = gamma;
        private readonly float* _beta = beta;
        private readonly float* _y = y;
        private readonly float* _memory = memory;

        public void Invoke(int index, int worker) => Run(SerialScheduler.Instance, index, worker);

        public void Run(IWorkScheduler s, int sample, int worker)
        {
            GroupStatistics statistics = op._statistics;
            float* memory = _memory + (worker * statistics.WorkerFloats);
            float* x = _x + (sample * statistics.Sample);
            statistics.Compute(s, x, memory);
            double* lacking = statistics.Totals(memory, 2), deviation = statistics.Totals(memory, 3);
            float* scale = statistics.Row(memory, 1), shift = statistics.Row(memory, 2);
            for (int c = 0; c < statistics.Cut.Channels; c++)
            {
                int group = c / statistics.Channels;
                double factor = (_gamma is null ? 1 : _gamma[c]) / (deviation[group] + statistics.Added);
                scale[c] = (float)factor;
                shift[c] = (float)((_beta is null ? 0 : _beta[c]) - (lacking[group] * factor));
            }

            statistics.Cut.TileInPlace(scale);
            statistics.Cut.TileInPlace(shift);
            s.Run(statistics.Cut.Blocks(statistics.Pixels), statistics.Sample * CostPerElement,
                new NormalizeAction(statistics, x, statistics.Row(memory, 0), scale, shift, _y + (sample * statistics.Sample)));
        }
    }

    private readonly struct NormalizeAction(GroupStatistics statistics, float* x, float* mean, float* scale, float* shift, float* y)
        : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _mean = mean;
        private readonly float* _scale = scale;
        private readonly float* _shift = shift;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            ChannelBlock block = statistics.Cut.Block(index, statistics.Pixels);
            statistics.Kernels.Normalize(_x + block.Start, _mean, _scale, _shift, _y + block.Start, block.Rows, block.Columns);
        }
    }
}
