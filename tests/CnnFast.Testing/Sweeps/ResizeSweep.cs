using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Testing;

/// <summary>
/// Holds resizing, forward and backward, on the kernels of every tier against the reference: every interpolation, coordinate
/// rule and rounding, up and down.
/// </summary>
public sealed class ResizeSweep : IKernelSweep
{
    private readonly IReadOnlyList<ResizeKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public ResizeSweep()
        : this(ResizeKernels.All)
    {
    }

    internal ResizeSweep(IReadOnlyList<ResizeKernels> sets) => _sets = sets;

    /// <inheritdoc/>
    public string Family => "Resize";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (ResizeKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (string operation in set.Operations)
            {
                if (operation != "WeightedSum")
                    throw new InvalidOperationException($"The resize sweep does not know the operation {operation}.");
                var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(operation), set.Isa);
                foreach (ResizeCase test in ResizeCase.Of(depth))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Run(tally, ResizeOperator.Create(Larger(test), set), test, $"{test.Geometry}", test.X(), test.ExpectForward());
                    Run(tally, ResizeOperator.CreateBackward(Larger(test), set), test, $"{test.Geometry}, backward", test.DY(),
                        test.ExpectBackward());
                }

                yield return tally.ToReport();
            }
        }
    }

    private static void Run(KernelTally tally, ResizeOperator op, ResizeCase test, string name, float[] source, ExpectedTensor expected)
    {
        GuardSide side = test.Seed % 2 == 0 ? GuardSide.Before : GuardSide.After;
        using var x = new GuardedBuffer<float>(source, side);
        using var y = new GuardedBuffer<float>(expected.Values.Length, side);
        using var workspace = new GuardedBuffer<byte>(op.WorkspaceBytes(1), side);
        y.Fill(float.NaN);
        op.Run(SerialScheduler.Instance, test.Geometry.Input[0], x.Span, y.Span, workspace.Span);
        if (y.SlackIsIntact && workspace.SlackIsIntact)
            tally.Add(name, expected.Measure(y.Span));
        else
            tally.Fail(name, "wrote outside its output or workspace");
    }

    // The operator is made for a larger batch than it runs, as the last batch of an epoch is.
    private static ResizeGeometry Larger(ResizeCase test) =>
        test.Geometry with
        {
            Input = Shape.Nhwc(test.Geometry.Input[0] + (test.Seed % 2), test.Geometry.Input[1], test.Geometry.Input[2],
                test.Geometry.Input[3]),
        };
}
