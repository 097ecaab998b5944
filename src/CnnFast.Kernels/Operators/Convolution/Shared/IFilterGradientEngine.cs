namespace CnnFast.Operators;

/// <summary>
/// One way to compute the filter and bias gradients of a convolution. Immutable and thread-safe; sizes have been checked by the operator
/// that holds it, <see cref="Run"/> allocates nothing and draws on the caller's workspace.
/// </summary>
internal unsafe interface IFilterGradientEngine
{
    string KernelName { get; }

    /// <summary>Bytes of workspace for a number of threads.</summary>
    int WorkspaceBytes(int threads);

    /// <summary>Runs on some images; overwrites dw [KH, KW, C/G, OC] and, unless it is null, db [OC].</summary>
    void Run(IWorkScheduler scheduler, int batch, float* x, float* dy, float* dw, float* db, byte* workspace);
}
