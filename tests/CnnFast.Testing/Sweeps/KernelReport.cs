namespace CnnFast.Testing;

/// <summary>What a sweep found for one kernel.</summary>
/// <param name="Family">The list that the kernel is in, such as <c>Gemm</c>.</param>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Isa">The tier that it is written for.</param>
/// <param name="Cases">Cases that ran.</param>
/// <param name="WorstError">The largest error in units of its bound; at most 1 where the kernel is right.</param>
/// <param name="WorstCase">The case with that error and its figures.</param>
/// <param name="Failures">Every case that did not hold, with figures; empty where the kernel is right.</param>
public sealed record KernelReport(string Family, string Kernel, IsaLevel Isa, int Cases, double WorstError, string WorstCase,
    IReadOnlyList<string> Failures)
{
    /// <summary>Whether cases ran and all of them held.</summary>
    public bool Holds => Cases > 0 && Failures.Count == 0;

    /// <summary>The kernel with all its failures, for assertion messages.</summary>
    public override string ToString() => Holds
        ? $"{Family} {Kernel}: {Cases} cases, worst {WorstError:G3} of the bound ({WorstCase})"
        : $"{Family} {Kernel}: {Failures.Count} of {Cases} cases failed:{Environment.NewLine}{string.Join(Environment.NewLine, Failures)}";
}
