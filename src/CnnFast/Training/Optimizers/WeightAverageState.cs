using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// The moving average of a model's parameters. It starts as the parameters are when it is made; what does not change keeps its bits. Not
/// thread-safe.
/// </summary>
internal sealed class WeightAverageState
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly AlignedBuffer<float>[] _averages;

    /// <summary>Starts from the parameters as they are.</summary>
    public WeightAverageState(WeightAverage average, IReadOnlyList<Parameter> parameters)
    {
        Average = average;
        _parameters = parameters;
        _averages = [.. parameters.Select(parameter => new AlignedBuffer<float>(parameter.Shape.ElementCount))];
        for (int i = 0; i < _averages.Length; i++)
            parameters[i].Values.CopyTo(_averages[i].Span);
    }

    /// <summary>How it is averaged.</summary>
    public WeightAverage Average { get; }

    /// <summary>Steps that were averaged.</summary>
    public long Steps { get; set; }

    /// <summary>Whether the model holds the averages now, and this the trained weights.</summary>
    public bool IsSwapped { get; private set; }

    /// <summary>
    /// The averages (where <see cref="IsSwapped"/>, the trained weights) as tensors that may be read and written between steps, named after
    /// their parameters, such as <c>dense_1.filter/average</c>. With <see cref="Steps"/> they are the whole state.
    /// </summary>
    public IEnumerable<(string Name, Shape Shape, Memory<float> Values)> Tensors =>
        _parameters.Zip(_averages, (parameter, average) => ($"{parameter.Name}/average", parameter.Shape, average.Memory));

    /// <summary>Averages the weights after a step. Allocates nothing; the bits do not depend on threads.</summary>
    /// <exception cref="InvalidOperationException">The model holds the averages now.</exception>
    public void Update(IWorkScheduler scheduler)
    {
        if (IsSwapped)
            throw new InvalidOperationException("WeightAverage: the model holds the averages; expected the trained weights before a step.");
        var rule = new WeightAverageRule((float)(1.0 - Average.DecayAt(Steps)));
        for (int i = 0; i < _averages.Length; i++)
        {
            var action = new BlockAction(_averages[i].Memory, _parameters[i].Memory, rule);
            scheduler.Run(action.Parts, action.Cost, action);
        }

        Steps++;
    }

    /// <summary>
    /// Exchanges the model's weights and the averages, bit by bit: once to evaluate or save the averages, once more to train on.
    /// </summary>
    public void Swap()
    {
        for (int i = 0; i < _averages.Length; i++)
        {
            Span<float> weights = _parameters[i].BeginWrite(), average = _averages[i].Span;
            for (int j = 0; j < weights.Length; j++)
                (weights[j], average[j]) = (average[j], weights[j]);
        }

        IsSwapped = !IsSwapped;
    }

    private readonly struct BlockAction(Memory<float> average, ReadOnlyMemory<float> weights, WeightAverageRule rule) : IRangeAction
    {
        private const long CostPerWeight = 16;

        private readonly WeightBlocks _blocks = new(average.Length);

        public int Parts => _blocks.Count;

        public long Cost => average.Length * CostPerWeight;

        public void Invoke(int index, int worker)
        {
            (int start, int count) = _blocks[index];
            UpdateOperator<WeightAverageRule>.Default.Run(average.Span.Slice(start, count), weights.Span.Slice(start, count), [], [], rule);
        }
    }
}
