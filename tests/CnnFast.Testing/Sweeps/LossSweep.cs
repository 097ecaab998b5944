using CnnFast.Kernels;

namespace CnnFast.Testing;

/// <summary>Holds the losses of every tier against the reference: their sum and gradients, with and without weights.</summary>
public sealed unsafe class LossSweep : IKernelSweep
{
    private readonly IReadOnlyList<LossKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public LossSweep()
        : this(LossKernels.All)
    {
    }

    internal LossSweep(IReadOnlyList<LossKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Loss";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (LossKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (LossKernel kernel in set.Losses)
            {
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(kernel.Name), set.Isa);
                foreach (int length in VectorSizes.Of(depth))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Run(tally, kernel, length);
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Run(KernelTally tally, LossKernel kernel, int length)
    {
        GuardSide side = length % 2 == 0 ? GuardSide.After : GuardSide.Before;
        foreach (LossCase test in LossCase.Of(kernel.Name, length))
        {
            using var x = new GuardedBuffer<float>(test.X, side);
            using var targets = new GuardedBuffer<float>(test.Targets, side);
            using var weights = new GuardedBuffer<float>(test.Weights, side);
            using var positive = new GuardedBuffer<float>(test.PositiveWeights, side);
            using var dx = new GuardedBuffer<float>(length, side);
            dx.Fill(float.NaN);
            var elements = new LossElements
            {
                Outputs = x.Pointer,
                Targets = targets.Pointer,
                Weights = test.IsWeighted ? weights.Pointer : null,
                PositiveWeights = test.IsWeighted ? positive.Pointer : null,
                Gradient = dx.Pointer,
                Scale = LossCase.Scale,
            };
            float loss, evaluated;
            fixed (byte* options = test.Options)
            {
                loss = kernel.Run(&elements, length, options);
                elements.Gradient = null;
                evaluated = kernel.Run(&elements, length, options);
            }

            if (!dx.SlackIsIntact)
                tally.Fail(test.ToString(), "wrote outside its output");
            else if (loss != evaluated)
                tally.Fail(test.ToString(), FormattableString.Invariant($"the loss is {evaluated} without a gradient and {loss} with one"));
            else
                tally.Add(test.ToString(), test.Measure(loss, dx.Span));
        }
    }
}
