using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Softmax and cross-entropy in one pass over the logits. The loss is summed in double, first within blocks of rows and then over the
/// blocks in order, so its bits do not depend on threads. Immutable and thread-safe; Run allocates nothing.
/// </summary>
internal sealed unsafe class SoftmaxCrossEntropyOperator
{
    private const string Name = "SoftmaxCrossEntropy";
    private const int NoLabel = -1;

    private readonly SoftmaxKernels _kernels;

    private SoftmaxCrossEntropyOperator(SoftmaxKernels kernels) => _kernels = kernels;

    /// <summary>That of the best tier, chosen when it is first asked for.</summary>
    public static SoftmaxCrossEntropyOperator Default => field ??= Create();

    /// <summary>Chooses the kernels.</summary>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static SoftmaxCrossEntropyOperator Create(IsaLevel? isa = null) => new(KernelSelection.Choose(SoftmaxKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static SoftmaxCrossEntropyOperator Create(SoftmaxKernels kernels) => new(kernels);

    /// <summary>The losses of rows of logits.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="rows">Logits, targets, weights and where the gradient goes.</param>
    /// <returns>
    /// The weighted sum of the rows' losses, and what their mean divides by: the sum of the rows' weights, each times the weight of its
    /// label's class; rows that do not count left out.
    /// </returns>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is outside the classes.</exception>
    public (double Sum, double Weight) Run(IWorkScheduler s, in CrossEntropyArguments rows)
    {
        SoftmaxRows cut = RequireLengths(rows);
        double weight = rows.Targets.IsEmpty ? WeightOfLabels(rows) : WeightOfRows(rows);
        float scale = !rows.IsMean ? rows.Scale : weight == 0 ? 0 : (float)(rows.Scale / weight);
        double* losses = stackalloc double[SoftmaxRows.MaxParts];
        fixed (float* px = rows.Logits, pt = rows.Targets, pr = rows.RowWeights, pc = rows.ClassWeights, pdx = rows.Gradient)
        fixed (int* pl = rows.Labels)
        {
            var all = new CrossEntropyRows
            {
                Logits = px,
                Gradient = pdx,
                Labels = pl,
                Targets = pt,
                RowWeights = pr,
                ClassWeights = pc,
                RowsPerWeight = rows.RowWeights.IsEmpty ? 1 : rows.Rows / rows.RowWeights.Length,
                Classes = rows.Classes,
                IgnoredLabel = rows.IgnoredLabel ?? NoLabel,
                Smoothing = rows.Smoothing,
                Focus = rows.Focus ?? 0,
                Scale = scale,
            };
            s.Run(cut.Parts, cut.Cost,
                new RowsAction(cut, rows.Targets.IsEmpty ? _kernels.CrossEntropy : _kernels.CrossEntropySoft, &all, losses));
        }

        double total = 0;
        for (int part = 0; part < cut.Parts; part++)
            total += losses[part];
        return (total, weight);
    }

    private static SoftmaxRows RequireLengths(in CrossEntropyArguments rows)
    {
        SoftmaxRows cut = SoftmaxRows.Create(Name, rows.Rows, rows.Classes);
        OperatorChecks.Length(Name, "logits", rows.Logits.Length, cut.Elements);
        if (rows.Targets.IsEmpty)
            OperatorChecks.Length(Name, "labels", rows.Labels.Length, rows.Rows);
        else
            OperatorChecks.Length(Name, "targets", rows.Targets.Length, cut.Elements);
        if (!rows.Gradient.IsEmpty)
            OperatorChecks.Length(Name, "gradient", rows.Gradient.Length, cut.Elements);
        if (!rows.ClassWeights.IsEmpty)
            OperatorChecks.Length(Name, "class weights", rows.ClassWeights.Length, rows.Classes);
        if (!rows.RowWeights.IsEmpty && rows.Rows % rows.RowWeights.Length != 0)
            throw new ShapeException($"{Name}: {rows.RowWeights.Length} weights were given for {rows.Rows} rows, expected a divisor.");
        return cut;
    }

    private static double WeightOfLabels(in CrossEntropyArguments rows)
    {
        int rowsPerWeight = rows.RowWeights.IsEmpty ? 1 : rows.Rows / rows.RowWeights.Length;
        int ignored = rows.IgnoredLabel ?? NoLabel;
        double weight = 0;
        for (int row = 0; row < rows.Rows; row++)
        {
            int label = rows.Labels[row];
            if (rows.IgnoredLabel is not null && label == ignored)
                continue;
            if ((uint)label >= (uint)rows.Classes)
                throw new ArgumentOutOfRangeException(null,
                    $"{Name}: label {label} of row {row} was given; expected 0 to {rows.Classes - 1}.");
            float ofRow = rows.RowWeights.IsEmpty ? 1 : rows.RowWeights[row / rowsPerWeight];
            weight += rows.ClassWeights.IsEmpty || rows.Focus is not null ? ofRow : (double)ofRow * rows.ClassWeights[label];
        }

        return weight;
    }

    private static double WeightOfRows(in CrossEntropyArguments rows)
    {
        if (rows.RowWeights.IsEmpty)
            return rows.Rows;
        double sum = 0;
        foreach (float weight in rows.RowWeights)
            sum += weight;
        return sum * (rows.Rows / rows.RowWeights.Length);
    }

    private readonly struct RowsAction(SoftmaxRows cut, delegate*<CrossEntropyRows*, nint, nint, double> kernel, CrossEntropyRows* rows,
        double* losses) : IRangeAction
    {
        private readonly delegate*<CrossEntropyRows*, nint, nint, double> _kernel = kernel;
        private readonly CrossEntropyRows* _rows = rows;
        private readonly double* _losses = losses;

        public void Invoke(int index, int worker) => _losses[index] = _kernel(_rows, cut.FirstRow(index), cut.Rows(index));
    }
}
