using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>What an operator does to finished outputs while they are in cache, for an epilogue that does not run in registers.</summary>
internal readonly unsafe struct BlockActivation(Epilogue epilogue, IsaLevel isa)
{
    private readonly delegate*<float*, float*, nint, float, float, void> _kernel = KernelSelection.Choose(ActivationKernels.All, isa).For(epilogue);
    private readonly float _alpha = epilogue.Alpha;
    private readonly float _beta = epilogue.Beta;

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsNone => _kernel is null;

    /// <summary>Applies the function to a stretch of outputs.</summary>
    public void Run(float* values, nint count) => _kernel(values, values, count, _alpha, _beta);

    /// <summary>Applies the function to the channels of pixels that lie a pitch apart; what lies between them is left alone.</summary>
    public void Run(float* values, nint pixels, nint channels, nint pitch)
    {
        if (channels == pitch)
        {
            Run(values, pixels * channels);
            return;
        }

        for (nint pixel = 0; pixel < pixels; pixel++)
            Run(values + (pixel * pitch), channels);
    }
}
