using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>
/// The gradients of an operation whose parameters other nodes compute: those of its parameters are those of its inputs after the first.
/// Workspace: the gradients of the parameters, the constants of the operation's own step, then its scratch memory.
/// </summary>
internal sealed class RuntimeWeightsBackwardStep : BackwardStep
{
    private readonly Operation _inner;
    private readonly ComputedParameters _parameters;
    private readonly BackwardStep _byInput;
    private readonly BackwardStep _byWeights;
    private readonly BackwardStep _byBoth;
    private readonly (int Offset, int Length)[] _places;
    private readonly int _gradients;
    private readonly int _constants;

    /// <summary>Creates the step.</summary>
    /// <param name="inner">The operation.</param>
    /// <param name="shapes">The shapes that it sees.</param>
    /// <param name="infos">Its parameters.</param>
    public RuntimeWeightsBackwardStep(Operation inner, NodeShapes shapes, IReadOnlyList<ParameterInfo> infos)
    {
        _inner = inner;
        _parameters = new ComputedParameters(infos);
        _byInput = inner.CreateBackward(shapes, GradientNeeds.Inputs);
        _byWeights = inner.CreateBackward(shapes, GradientNeeds.Parameters);
        _byBoth = inner.CreateBackward(shapes, GradientNeeds.Inputs | GradientNeeds.Parameters);
        _places = new (int, int)[infos.Count];
        for (int i = 0; i < infos.Count; i++)
        {
            _places[i] = (_gradients, infos[i].Shape.ElementCount);
            _gradients = checked(_gradients + (int)ArenaAlignment.RoundUp(infos[i].Shape.ElementCount));
        }

        _constants = checked((int)ArenaAlignment.RoundUp(
            Math.Max(_byInput.ConstantLength, Math.Max(_byWeights.ConstantLength, _byBoth.ConstantLength))));
    }

    public override int WorkspaceBytes(int threads) => checked(((_gradients + _constants) * sizeof(float)) + Math.Max(
        _byInput.WorkspaceBytes(threads), Math.Max(_byWeights.WorkspaceBytes(threads), _byBoth.WorkspaceBytes(threads))));

    public override void Run(in BackwardContext context)
    {
        bool wantsWeights = false;
        for (int i = 1; i < context.InputCount; i++)
            wantsWeights |= !context.InputGradient(i).IsEmpty;
        BackwardStep step = !wantsWeights ? _byInput : context.InputGradient(0).IsEmpty ? _byWeights : _byBoth;
        Span<float> floats = MemoryMarshal.Cast<byte, float>(context.Workspace);
        Span<float> gradients = floats[.._gradients];
        Span<float> constants = floats.Slice(_gradients, _constants)[..step.ConstantLength];
        ComputedParameters.Values values = _parameters.Take();
        try
        {
            for (int i = 0; i < _places.Length; i++)
                values[i].Assign(context.Input(i + 1)[.._places[i].Length]);
            step.PackConstants(values.Parameters, constants, new ConstantPacking(context.Scheduler, KeepsDenormals: true));
            step.Run(context.With(constants, context.Workspace[((_gradients + _constants) * sizeof(float))..], gradients, _places));
        }
        finally
        {
            _parameters.Return(values);
        }

        if (wantsWeights && _inner is BatchNormalizationOperation normalization)
            AddStatistics(context, normalization, gradients);
        for (int i = 0; i < _places.Length; i++)
        {
            Span<float> gradient = context.InputGradient(i + 1);
            if (!gradient.IsEmpty)
                gradients.Slice(_places[i].Offset, _places[i].Length).CopyTo(gradient);
        }
    }

    // Mean and variance shift and scale the channels as beta and gamma do: −gamma/√(v + ε)·dbeta and −gamma / (2·(v + ε))·dgamma.
    private void AddStatistics(in BackwardContext context, BatchNormalizationOperation normalization, Span<float> gradients)
    {
        ReadOnlySpan<float> gamma = context.Input(normalization.GammaIndex + 1);
        ReadOnlySpan<float> variance = context.Input(normalization.VarianceIndex + 1);
        for (int c = 0; c < variance.Length; c++)
        {
            double square = variance[c] + (double)normalization.Epsilon;
            double shift = gradients[_places[normalization.BetaIndex].Offset + c];
            double scale = gradients[_places[normalization.GammaIndex].Offset + c];
            gradients[_places[normalization.MeanIndex].Offset + c] = (float)(-gamma[c] / Math.Sqrt(square) * shift);
            gradients[_places[normalization.VarianceIndex].Offset + c] = (float)(-gamma[c] / (2 * square) * scale);
        }
    }
}
