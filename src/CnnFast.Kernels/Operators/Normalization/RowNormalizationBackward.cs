using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The gradients of <see cref="RowNormalizationOperator"/>. With σ = √(variance + epsilon), r = 1 / (σ + added), d = x − mean, g = dy·scale
/// and K elements of a row: dbias = Σ dy, dscale = Σ dy·d·r, both over the rows, and dx = r·(g − Σ g / K − r·d·Σ g·d / (K·σ)). Mean and
/// variance are computed again. Rows are summed in parts of a number that follows from their length, parts in double in order, so the bits
/// do not depend on threads. Created once for sizes; immutable and thread-safe, <see cref="Run"/> allocates nothing.
/// </summary>
internal sealed unsafe class RowNormalizationBackward
{
    private const string Who = "RowNormalizationBackward";
    private const int PartElements = 16384;
    private const int FewestRows = 4;
    private const int MostRows = 128;
    private const long ElementCost = 16;

    private readonly NormalizationKernels _kernels;
    private readonly string _sizes;
    private readonly int _rows;
    private readonly int _groups;
    private readonly int _length;
    private readonly double _epsilon;
    private readonly double _added;
    private readonly int _rowsPerPart;
    private readonly nint _sumFloats;

    private RowNormalizationBackward(NormalizationKernels kernels, int rows, int groups, int length, double epsilon, double added)
    {
        OperatorChecks.Matrix(Who, rows, length);
        OperatorChecks.Matrix(Who, groups, length);
        _kernels = kernels;
        _sizes = $"{rows} rows of {length} elements in {groups} groups";
        (_rows, _groups, _length, _epsilon, _added) = (rows, groups, length, epsilon, added);
        _rowsPerPart = Math.Clamp(PartElements / length, FewestRows, MostRows);
        _sumFloats = WorkspaceLayout.AlignFloats(checked((nint)groups * length));
    }

    /// <summary>Bytes of workspace that <see cref="Run"/> needs.</summary>
    public int WorkspaceBytes => WorkspaceLayout.Bytes(checked(2 * Parts(_rows) * _sumFloats), 0, 1);

    /// <summary>Chooses the kernels.</summary>
    /// <param name="rows">The most rows of a run.</param>
    /// <param name="groups">Rows after which scales and biases repeat; 1 where all rows share them.</param>
    /// <param name="length">Elements of a row.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="added">Added to the deviation.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static RowNormalizationBackward Create(int rows, int groups, int length, double epsilon, double added = 0,
        IsaLevel? isa = null) => Create(rows, groups, length, epsilon, added, KernelSelection.Choose(NormalizationKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static RowNormalizationBackward Create(int rows, int groups, int length, double epsilon, double added,
        NormalizationKernels kernels) => new(kernels, rows, groups, length, epsilon, added);

    /// <summary>Runs on some rows.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="rows">Rows, a multiple of the groups.</param>
    /// <param name="x">The input of the forward pass.</param>
    /// <param name="dy">The gradient of its output.</param>
    /// <param name="scale">A number for every element of a group's row, or empty for 1.</param>
    /// <param name="dscale">Receives the gradient of the scale; or empty.</param>
    /// <param name="dbias">Receives the gradient of the bias; or empty.</param>
    /// <param name="dx">Receives the gradient of x; may be dy; or empty.</param>
    /// <param name="workspace">At least <see cref="WorkspaceBytes"/>.</param>
    public void Run(IWorkScheduler s, int rows, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> scale,
        Span<float> dscale, Span<float> dbias, Span<float> dx, Span<byte> workspace)
    {
        int numbers = _groups * _length;
        OperatorChecks.Batch(Who, rows, _rows, _sizes);
        OperatorChecks.Length(Who, "x", x.Length, (long)rows * _length);
        OperatorChecks.Length(Who, "dy", dy.Length, x.Length);
        OperatorChecks.Length(Who, "scale", scale.Length, scale.IsEmpty ? 0 : numbers);
        OperatorChecks.Length(Who, "dscale", dscale.Length, dscale.IsEmpty ? 0 : numbers);
        OperatorChecks.Length(Who, "dbias", dbias.Length, dbias.IsEmpty ? 0 : numbers);
        OperatorChecks.Length(Who, "dx", dx.Length, dx.IsEmpty ? 0 : x.Length);
        OperatorChecks.Workspace(Who, workspace.Length, WorkspaceBytes, _sizes);
        int parts = Parts(rows);
        bool sums = !dscale.IsEmpty || !dbias.IsEmpty;
        fixed (float* px = x, pdy = dy, ps = scale, pdx = dx)
        fixed (byte* space = workspace)
        {
            float* partial = WorkspaceLayout.Align(space);
            s.Run(parts, (long)rows * _length * ElementCost, new PartAction(this, rows, px, pdy, ps, pdx, sums ? partial : null));
            AddUp(partial, parts, dscale);
            AddUp(partial + _sumFloats, parts, dbias);
        }
    }

    private int Parts(int rows) => (int)(((long)rows + _rowsPerPart - 1) / _rowsPerPart);

    private void AddUp(float* partial, int parts, Span<float> total)
    {
        for (int i = 0; i < total.Length; i++)
        {
            double sum = 0;
            for (int part = 0; part < parts; part++)
                sum += partial[(part * 2 * _sumFloats) + i];
            total[i] = (float)sum;
        }
    }

    private readonly struct PartAction(RowNormalizationBackward op, int rows, float* x, float* dy, float* scale, float* dx, float* partial)
        : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _scale = scale;
        private readonly float* _dx = dx;
        private readonly float* _partial = partial;

        public void Invoke(int index, int worker)
        {
            double* numbers = stackalloc double[4];
            nint length = op._length;
            float* sums = _partial is null ? null : _partial + (index * 2 * op._sumFloats);
            if (sums is not null)
                NativeMemory.Clear(sums, (nuint)(2 * op._sumFloats) * sizeof(float));
            int end = (int)Math.Min(rows, ((long)index + 1) * op._rowsPerPart);
            for (int row = index * op._rowsPerPart; row < end; row++)
            {
                float* x = _x + (row * length);
                float* dy = _dy + (row * length);
                nint group = row % op._groups * length;
                float* scale = _scale is null ? null : _scale + group;
                op._kernels.RowMoments(x, length, numbers);
                float mean = (float)numbers[0];
                double lacking = numbers[0] - mean;
                double deviation = Math.Sqrt(numbers[1] + op._epsilon);
                double factor = 1 / (deviation + op._added);
                if (sums is not null)
                    op._kernels.AddRowGradients(x, dy, mean, (float)lacking, (float)factor, sums + group, sums + op._sumFloats + group,
                        length);
                if (_dx is null)
                    continue;
                op._kernels.RowGradientSums(x, dy, mean, scale, length, numbers + 2);
                double product = numbers[3] - (lacking * numbers[2]);
                double slope = -factor * factor * product / (length * deviation);
                double offset = (-factor * numbers[2] / length) - (slope * lacking);
                op._kernels.NormalizeRowBackward(x, dy, mean, scale, (float)factor, (float)slope, (float)offset, _dx + (row * length),
                    length);
            }
        }
    }
}
