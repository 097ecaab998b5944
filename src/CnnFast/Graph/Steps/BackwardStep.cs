using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// The backward pass of one node at fixed sizes: overwrites the gradients of its inputs and parameters, summed over the batch.
/// It may also overwrite the gradient of its output, which nobody reads after it.
/// </summary>
internal abstract class BackwardStep
{
    /// <summary>Floats that <see cref="PrepareConstants"/> writes: packed filters.</summary>
    public virtual int ConstantLength => 0;

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

    /// <summary>Computes the gradients.</summary>
    public abstract void Run(in BackwardContext context);
}
