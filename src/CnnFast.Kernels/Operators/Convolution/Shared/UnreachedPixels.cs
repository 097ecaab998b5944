using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// What a data gradient writes where no tap of the filter falls, as with strides beyond the filter: the function of bias + residual.
/// </summary>
internal readonly unsafe struct UnreachedPixels(Epilogue epilogue, IsaLevel isa)
{
    private readonly delegate*<float*, float*, float*, nint, void> _add = KernelSelection.Choose(ElementwiseKernels.All, isa).Add;
    private readonly BlockActivation _activation = BlockActivation.InMemory(epilogue, isa);

    /// <summary>Writes a stretch of channels of one pixel.</summary>
    /// <param name="destination">The first channel.</param>
    /// <param name="residual">What is added to the bias, or null; may be the destination.</param>
    /// <param name="bias">The biases of the channels.</param>
    /// <param name="count">Channels.</param>
    public void Fill(float* destination, float* residual, float* bias, nint count)
    {
        if (residual is null)
            NativeMemory.Copy(bias, destination, (nuint)count * sizeof(float));
        else
            _add(bias, residual, destination, count);
        if (!_activation.IsNone)
            _activation.Run(destination, count);
    }
}
