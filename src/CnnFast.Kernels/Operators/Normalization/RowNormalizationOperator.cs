using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Normalises rows by moments of their own: y = (x − mean)·scale / (√(variance + epsilon) + added) + bias. Immutable and
/// thread-safe; Run allocates nothing.
/// </summary>
internal sealed unsafe class RowNormalizationOperator
{
    private const string Who = "RowNormalization";
    private const int PartElements = 4096;
    private const int MaxParts = 256;
    private const int ElementCost = 4;

    private readonly NormalizationKernels _kernels;
    private readonly int _groups;
    private readonly int _length;
    private readonly double _epsilon;
    private readonly double _added;

    private RowNormalizationOperator(NormalizationKernels kernels, int groups, int length, double epsilon, double added) =>
        (_kernels, _groups, _length, _epsilon, _added) = (kernels, groups, length, epsilon, added);

    /// <summary>Chooses the kernels.</summary>
    /// <param name="groups">Rows after which scales and biases repeat where every row has its own.</param>
    /// <param name="length">Elements of a row.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="added">Added to the deviation.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static RowNormalizationOperator Create(int groups, int length, double epsilon, double added, IsaLevel? isa = null)
    {
        OperatorChecks.Matrix(Who, groups, length);
        return new RowNormalizationOperator(KernelSelection.Choose(NormalizationKernels.All, isa), groups, length, epsilon, added);
    }

    /// <summary>The mean and the variance of a row.</summary>
    public (double Mean, double Variance) Moments(ReadOnlySpan<float> row)
    {
        double* moments = stackalloc double[2];
        fixed (float* px = row)
            _kernels.RowMoments(px, row.Length, moments);
        return (moments[0], moments[1]);
    }

    /// <summary>Normalises.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="x">The rows.</param>
    /// <param name="scale">None, a number for every element of a row, or as many for every group.</param>
    /// <param name="bias">As the scale; none where there is no scale.</param>
    /// <param name="y">Receives the rows; may be x.</param>
    public void Run(IWorkScheduler s, int rows, ReadOnlySpan<float> x, ReadOnlySpan<float> scale, ReadOnlySpan<float> bias, Span<float> y)
    {
        OperatorChecks.Matrix(Who, rows, _length);
        long elements = (long)rows * _length;
        OperatorChecks.Length(Who, "x", x.Length, elements);
        OperatorChecks.Length(Who, "y", y.Length, elements);
        if (scale.Length > 0)
            OperatorChecks.Length(Who, "scale", scale.Length, scale.Length <= _length ? _length : (long)_groups * _length);
        if (bias.Length > 0)
            OperatorChecks.Length(Who, "bias", bias.Length, bias.Length <= _length ? _length : (long)_groups * _length);
        fixed (float* px = x, ps = scale, pb = bias, py = y)
        {
            int parts = (int)Math.Clamp(elements / PartElements, 1, Math.Min(rows, MaxParts));
            s.Run(parts, elements * ElementCost, new PartAction(this, parts, rows, px, ps, scale.Length > _length ? _length : 0, pb,
                bias.Length > _length ? _length : 0, py));
        }
    }

    private readonly struct PartAction(RowNormalizationOperator engine, int parts, int rows, float* x, float* scale, nint scaleStep,
        float* bias, nint biasStep, float* y) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _scale = scale;
        private readonly float* _bias = bias;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            double* moments = stackalloc double[2];
            nint length = engine._length;
            int end = (int)((long)rows * (index + 1) / parts);
            for (int row = (int)((long)rows * index / parts); row < end; row++)
            {
                float* from = _x + (row * length);
                nint group = row % engine._groups;
                engine._kernels.RowMoments(from, length, moments);
                double factor = 1 / (Math.Sqrt(moments[1] + engine._epsilon) + engine._added);
                float* bias = _bias is null ? null : _bias + (group * biasStep);
                float mean = (float)moments[0];
                engine._kernels.NormalizeRow(from, mean, (float)(moments[0] - mean), (float)factor,
                    _scale is null ? null : _scale + (group * scaleStep), bias, _y + (row * length), length);
            }
        }
    }
}
