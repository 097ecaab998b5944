using System.Numerics.Tensors;
using CnnFast.Graphs;

namespace CnnFast;

/// <summary>
/// A named tensor of weights that belongs to a model, such as <c>conv2d_1.filter</c>. Its shape never changes; its values change only
/// through <see cref="Assign"/> and through a trainer of its model. Sessions copy the values when they are created and do not see later
/// changes. Reading from several threads is safe while nobody writes.
/// </summary>
public sealed class Parameter
{
    private readonly Lock _lock = new();
    private AlignedBuffer<float>? _values;
    private IParameterSource? _source;

    internal Parameter(ParameterInfo info)
    {
        Info = info;
        _values = new AlignedBuffer<float>(info.Shape.ElementCount);
    }

    /// <summary>A parameter whose values stay where they are until somebody asks for them here; sessions read them on their way.</summary>
    internal Parameter(ParameterInfo info, IParameterSource source)
    {
        Info = info;
        _source = source;
    }

    /// <summary>The name: that of the layer, a point and the role, such as <c>dense_1.bias</c>.</summary>
    public string Name => Info.Name;

    /// <summary>
    /// The shape: filters of convolutions <c>[KH, KW, C/G, OC]</c>, of dense layers <c>[IC, OC]</c>, biases and the
    /// numbers of channels <c>[OC]</c>.
    /// </summary>
    public Shape Shape => Info.Shape;

    /// <summary>What it is to its layer.</summary>
    public ParameterRole Role => Info.Role;

    /// <summary>Whether weight decay (L2) applies where no <see cref="Training.ParameterGroup"/> says otherwise: to filters
    /// alone.</summary>
    public bool Decays => Info.Role == ParameterRole.Filter;

    /// <summary>
    /// Whether training changes the values; true unless it was set to false, before a Fit, to freeze them, and but for the scales of 1 or
    /// −1 and shifts of 0 that imported models have beside their own numbers. Of moving statistics
    /// (<see cref="Layers.BatchNormalization"/>) it decides too what a layer normalises with in training: the batch's own statistics, or,
    /// where all of the layer's are frozen, the moving ones.
    /// </summary>
    public bool Trainable { get; set; } = true;

    /// <summary>
    /// The values in the order of the shape, the last dimension contiguous. Those of a model that was imported are read from its file when
    /// this is first asked for, and stay in memory.
    /// </summary>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened.</exception>
    /// <exception cref="IOException">The file of an imported model cannot be read any more.</exception>
    public ReadOnlySpan<float> Values => Kept.Span;

    internal ParameterInfo Info { get; }

    internal ReadOnlyMemory<float> Memory => Kept.Memory;

    /// <summary>The values for writing, as no change yet: <see cref="BeginWrite"/> counts it.</summary>
    internal Memory<float> WritableMemory => Kept.Memory;

    /// <summary>Where the values are as long as they are not in memory; null when they are.</summary>
    internal IParameterSource? Source => Volatile.Read(ref _source);

    /// <summary>Rises with every change of the values.</summary>
    internal long Version { get; private set; }

    /// <summary>Replaces all values. Not to be called while the model trains, or while a session over it is created.</summary>
    /// <param name="values">As many values as the shape has elements.</param>
    /// <exception cref="ShapeException">There are more or fewer values.</exception>
    public void Assign(ReadOnlySpan<float> values)
    {
        if (values.Length != Shape.ElementCount)
            throw new ShapeException(
                $"Parameter '{Name}': {values.Length} values were given; expected {Shape.ElementCount} for the shape {Shape}.");
        lock (_lock)
        {
            _values ??= new AlignedBuffer<float>(Shape.ElementCount);
            values.CopyTo(_values.Span);
            Version++;
            Volatile.Write(ref _source, null);
        }
    }

    /// <summary>
    /// Takes over values and <see cref="Trainable"/> of a parameter of the same shape; what that one reads from a file stays there.
    /// </summary>
    internal void TakeFrom(Parameter other)
    {
        Trainable = other.Trainable;
        if (other.Source is not { } source)
        {
            Assign(other.Values);
            return;
        }

        lock (_lock)
        {
            Version++;
            Volatile.Write(ref _source, source);
            Volatile.Write(ref _values, null);
        }
    }

    /// <summary>The name and shape, such as <c>conv2d_1.filter [3, 3, 1, 32]</c>.</summary>
    public override string ToString() => $"{Name} {Shape}";

    /// <summary>The values for writing; counts as one change.</summary>
    internal Span<float> BeginWrite() => BeginWriteMemory().Span;

    /// <summary>The same as a memory that can be stored.</summary>
    internal Memory<float> BeginWriteMemory()
    {
        Version++;
        return Kept.Memory;
    }

    /// <summary>Reads the values into memory where they are not, for those who ask for them again and again.</summary>
    internal void KeepInMemory() => _ = Kept;

    /// <summary>The largest magnitude among the values; NaN where one is among them.</summary>
    internal float MaxMagnitude() => Source is { } source ? source.MaxMagnitude() : MathF.Abs(TensorPrimitives.MaxMagnitude(Values));

    private AlignedBuffer<float> Kept => Volatile.Read(ref _values) ?? Keep();

    private AlignedBuffer<float> Keep()
    {
        lock (_lock)
        {
            if (_values is null)
            {
                var values = new AlignedBuffer<float>(Shape.ElementCount);
                _source!.Read(values.Span);
                Volatile.Write(ref _values, values);
                Volatile.Write(ref _source, null);
            }

            return _values;
        }
    }
}
