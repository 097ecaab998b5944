using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>A further set of samples to measure after every epoch. Immutable.</summary>
/// <param name="Name">What results call it, such as <c>night</c>.</param>
/// <param name="Data">The samples.</param>
public sealed record ValidationSet(string Name, IDataset Data);
