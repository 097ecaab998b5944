using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Softmax and cross-entropy in one pass over the logits. The loss is summed in double, first within blocks of rows and then over the
/// blocks in order, so its bits do not depend on threads. Immutable and thread-safe; Run allocates nothing.
/// </summary>
internal sealed unsafe class SoftmaxCrossEntropyOperator
{
    private const string Name = "SoftmaxCrossEntropy";

    private readonly SoftmaxKernels _kernels;

    private SoftmaxCrossEntropyOperator(SoftmaxKernels kernels) => _kernels = kernels;

    /// <summary>Chooses the kernels.</summary>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static SoftmaxCrossEntropyOperator Create(IsaLevel? isa = null) => new(KernelSelection.Choose(SoftmaxKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static SoftmaxCrossEntropyOperator Create(SoftmaxKernels kernels) => new(kernels);

    /// <summary>The loss against class indices.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="rows">Samples.</param>
    /// <param name="classes">Logits of a sample.</param>
    /// <param name="logits"><c>[rows, classes]</c>.</param>
    /// <param name="labels"><c>[rows]</c>, each from 0 to classes − 1.</param>
    /// <param name="probabilities"><c>[rows, classes]</c>: the softmax; not the logits' memory.</param>
    /// <param name="dLogits"><c>[rows, classes]</c>: the gradient of the loss, (softmax − one-hot)·scale; empty means
    /// that it is not wanted.</param>
    /// <param name="scale">The factor of the gradient: 1 / rows for that of the mean loss.</param>
    /// <returns>The sum of the rows' losses.</returns>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is outside the classes.</exception>
    public double Run(
        IWorkScheduler s,
        int rows,
        int classes,
        ReadOnlySpan<float> logits,
        ReadOnlySpan<int> labels,
        Span<float> probabilities,
        Span<float> dLogits,
        float scale)
    {
        SoftmaxRows cut = RequireLengths(rows, classes, logits.Length, probabilities.Length, dLogits.Length);
        OperatorChecks.Length(Name, "labels", labels.Length, rows);
        for (int row = 0; row < rows; row++)
        {
            if ((uint)labels[row] >= (uint)classes)
                throw new ArgumentOutOfRangeException(nameof(labels),
                    $"{Name}: label {labels[row]} of row {row} was given; expected 0 to {classes - 1}.");
        }

        double* losses = stackalloc double[SoftmaxRows.MaxParts];
        fixed (float* px = logits, py = probabilities, pdx = dLogits)
        fixed (int* pl = labels)
            s.Run(cut.Parts, cut.Cost, new LabelsAction(cut, _kernels.CrossEntropy, px, pl, py, pdx, scale, losses));
        return Total(losses, cut.Parts);
    }

    /// <summary>The loss against soft targets, whose rows may have any sum.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="rows">Samples.</param>
    /// <param name="classes">Logits of a sample.</param>
    /// <param name="logits"><c>[rows, classes]</c>.</param>
    /// <param name="targets"><c>[rows, classes]</c>.</param>
    /// <param name="probabilities"><c>[rows, classes]</c>: the softmax; not the logits' memory.</param>
    /// <param name="dLogits"><c>[rows, classes]</c>: the gradient of the loss, (softmax·Σt − t)·scale; empty means
    /// that it is not wanted.</param>
    /// <param name="scale">The factor of the gradient: 1 / rows for that of the mean loss.</param>
    /// <returns>The sum of the rows' losses.</returns>
    /// <exception cref="ShapeException">A length does not fit.</exception>
    public double Run(
        IWorkScheduler s,
        int rows,
        int classes,
        ReadOnlySpan<float> logits,
        ReadOnlySpan<float> targets,
        Span<float> probabilities,
        Span<float> dLogits,
        float scale)
    {
        SoftmaxRows cut = RequireLengths(rows, classes, logits.Length, probabilities.Length, dLogits.Length);
        OperatorChecks.Length(Name, "targets", targets.Length, cut.Elements);
        double* losses = stackalloc double[SoftmaxRows.MaxParts];
        fixed (float* px = logits, pt = targets, py = probabilities, pdx = dLogits)
            s.Run(cut.Parts, cut.Cost, new TargetsAction(cut, _kernels.CrossEntropySoft, px, pt, py, pdx, scale, losses));
        return Total(losses, cut.Parts);
    }

    private static SoftmaxRows RequireLengths(int rows, int classes, int logits, int probabilities, int dLogits)
    {
        SoftmaxRows cut = SoftmaxRows.Create(Name, rows, classes);
        OperatorChecks.Length(Name, "logits", logits, cut.Elements);
        OperatorChecks.Length(Name, "probabilities", probabilities, cut.Elements);
        if (dLogits != 0)
            OperatorChecks.Length(Name, "dLogits", dLogits, cut.Elements);
        return cut;
    }

    private static double Total(double* losses, int parts)
    {
        double total = 0;
        for (int part = 0; part < parts; part++)
            total += losses[part];
        return total;
    }

    private readonly struct LabelsAction(SoftmaxRows cut, delegate*<float*, int*, float*, float*, nint, nint, float, double> kernel,
        float* x, int* labels, float* y, float* dx, float scale, double* losses) : IRangeAction
    {
        private readonly delegate*<float*, int*, float*, float*, nint, nint, float, double> _kernel = kernel;
        private readonly float* _x = x;
        private readonly int* _labels = labels;
        private readonly float* _y = y;
        private readonly float* _dx = dx;
        private readonly double* _losses = losses;

        public void Invoke(int index, int worker)
        {
            nint start = cut.Start(index);
            _losses[index] = _kernel(_x + start, _labels + cut.FirstRow(index), _y + start, _dx is null ? null : _dx + start,
                cut.Rows(index), cut.Classes, scale);
        }
    }

    private readonly struct TargetsAction(SoftmaxRows cut, delegate*<float*, float*, float*, float*, nint, nint, float, double> kernel,
        float* x, float* targets, float* y, float* dx, float scale, double* losses) : IRangeAction
    {
        private readonly delegate*<float*, float*, float*, float*, nint, nint, float, double> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _targets = targets;
        private readonly float* _y = y;
        private readonly float* _dx = dx;
        private readonly double* _losses = losses;

        public void Invoke(int index, int worker)
        {
            nint start = cut.Start(index);
            _losses[index] = _kernel(_x + start, _targets + start, _y + start, _dx is null ? null : _dx + start, cut.Rows(index),
                cut.Classes, scale);
        }
    }
}
