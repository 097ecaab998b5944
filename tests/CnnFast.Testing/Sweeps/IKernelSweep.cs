namespace CnnFast.Testing;

/// <summary>Holds every kernel of one family that can run here against the reference, over awkward sizes.</summary>
public interface IKernelSweep
{
    /// <summary>The family's name, such as <c>Gemm</c>.</summary>
    string Family { get; }

    /// <summary>Runs the sweep: one report for each kernel of the family's list that this processor can run.</summary>
    /// <param name="depth">How many cases.</param>
    /// <param name="cancellationToken">Stops between two cases.</param>
    /// <returns>The reports, each as soon as its kernel is done.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken);
}
