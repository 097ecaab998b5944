using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// One node made ready to run at fixed sizes. It owns no memory: what it needs is reported and given at each run.
/// Immutable, so that one step serves many callers at once.
/// </summary>
internal abstract class ForwardStep
{
    /// <summary>Floats that <see cref="PrepareConstants"/> writes: packed filters and biases.</summary>
    public virtual int ConstantLength => 0;

    /// <summary>The kernel that it runs, where there is one to name.</summary>
    public virtual string? KernelName => null;

    /// <summary>Bytes of scratch memory of one run on so many threads.</summary>
    public virtual int WorkspaceBytes(int threads) => 0;

    /// <summary>Writes the parameters in the order that the step reads them.</summary>
    /// <param name="parameters">The node's parameters.</param>
    /// <param name="constants">Receives <see cref="ConstantLength"/> floats; 64-byte aligned.</param>
    public virtual void PrepareConstants(ParameterValues parameters, Span<float> constants)
    {
    }

    /// <summary><see cref="PrepareConstants"/> as a plan wants it.</summary>
    /// <param name="parameters">The node's parameters.</param>
    /// <param name="constants">Receives <see cref="ConstantLength"/> floats; 64-byte aligned.</param>
    /// <param name="packing">On which threads, and what becomes of denormal numbers.</param>
    public virtual void PackConstants(ParameterValues parameters, Span<float> constants, in ConstantPacking packing)
    {
        PrepareConstants(parameters, constants);
        if (!packing.KeepsDenormals)
            Denormals.Flush(constants);
    }

    /// <summary>Computes the output. Allocates nothing.</summary>
    public abstract void Run(in ForwardContext context);
}
