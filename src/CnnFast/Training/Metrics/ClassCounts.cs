namespace CnnFast.Training;

/// <summary>
/// Of every class how often it was right, how often the label, and how often the prediction: what precision, recall, F1 and IoU need.
/// </summary>
internal sealed class ClassCounts(int classes)
{
    private readonly long[] _right = new long[classes];
    private readonly long[] _actual = new long[classes];
    private readonly long[] _predicted = new long[classes];

    public void Add(int actual, int predicted)
    {
        AddActual(actual);
        if (predicted == LabelRows.NoClass)
            return;
        AddPredicted(predicted);
        if (predicted == actual)
            _right[actual]++;
    }

    /// <summary>Adds yes and no of one class that stands beside others.</summary>
    public void Add(int index, bool actual, bool predicted)
    {
        if (actual)
            AddActual(index);
        if (predicted)
            AddPredicted(index);
        if (actual && predicted)
            _right[index]++;
    }

    /// <summary>Adds many at once.</summary>
    public void Add(int actual, int predicted, long count)
    {
        _actual[actual] += count;
        _predicted[predicted] += count;
        if (actual == predicted)
            _right[actual] += count;
    }

    public void AddActual(int index, long count = 1) => _actual[index] += count;

    public void AddPredicted(int index) => _predicted[index]++;

    /// <summary>How often the class was the label.</summary>
    public long Actual(int index) => _actual[index];

    /// <summary>TP / (TP + FP); NaN where the class was never predicted.</summary>
    public double Precision(int index) => (double)_right[index] / _predicted[index];

    /// <summary>TP / (TP + FN); NaN where the class was never the label.</summary>
    public double Recall(int index) => (double)_right[index] / _actual[index];

    /// <summary>2·TP / (2·TP + FP + FN); NaN where the class was neither.</summary>
    public double F1(int index) => 2.0 * _right[index] / (_actual[index] + _predicted[index]);

    /// <summary>TP / (TP + FP + FN); NaN where the class was neither.</summary>
    public double IoU(int index) => (double)_right[index] / (_actual[index] + _predicted[index] - _right[index]);

    /// <summary>The mean of F1 over the classes that occur.</summary>
    public double MacroF1()
    {
        double sum = 0;
        for (int index = 0; index < _actual.Length; index++)
            sum += Occurs(index) ? F1(index) : 0;
        return sum / Occurring();
    }

    /// <summary>The mean of IoU over the classes that occur.</summary>
    public double MeanIoU()
    {
        double sum = 0;
        for (int index = 0; index < _actual.Length; index++)
            sum += Occurs(index) ? IoU(index) : 0;
        return sum / Occurring();
    }

    private bool Occurs(int index) => _actual[index] + _predicted[index] > 0;

    private int Occurring()
    {
        int count = 0;
        for (int index = 0; index < _actual.Length; index++)
            count += Occurs(index) ? 1 : 0;
        return count;
    }
}
